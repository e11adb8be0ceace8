# Uses: _Certificate
# A certificate matches by the common name of its subject or by its friendly name: which of the two the product sets is not known for all.
$patterns = @(Get-SpeInput 'names' @())
$store = Get-SpeStorePath ([string](Get-SpeInput 'store' 'My'))
$certificates = @()
if (Test-Path -LiteralPath $store) {
    foreach ($certificate in @(Get-ChildItem -LiteralPath $store)) {
        $commonName = ''
        if ($certificate.Subject -match '(?:^|,\s*)CN=("(?:[^"]|"")*"|[^,]*)') { $commonName = $Matches[1].Trim('"') }
        $matched = $false
        foreach ($pattern in $patterns) {
            if ($commonName -like $pattern -or [string]$certificate.FriendlyName -like $pattern) { $matched = $true }
        }

        $certificates += [ordered]@{
            thumbprint = [string]$certificate.Thumbprint
            subject = [string]$certificate.Subject
            friendlyName = [string]$certificate.FriendlyName
            notAfter = $certificate.NotAfter.ToUniversalTime().ToString('o')
            hasPrivateKey = [bool]$certificate.HasPrivateKey
            exportable = Test-SpeExportable $certificate
            matches = $matched
        }
    }
}

Write-SpeResult ([ordered]@{ certificates = $certificates })
