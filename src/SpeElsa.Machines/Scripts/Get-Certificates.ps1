# Uses: _Certificate
$patterns = @(Get-SpeInput 'names' @())
$store = Get-SpeStorePath ([string](Get-SpeInput 'store' 'My'))
$certificates = @()
if (Test-Path -LiteralPath $store) {
    foreach ($certificate in @(Get-ChildItem -LiteralPath $store)) {
        $certificates += [ordered]@{
            thumbprint = [string]$certificate.Thumbprint
            subject = [string]$certificate.Subject
            friendlyName = [string]$certificate.FriendlyName
            notAfter = $certificate.NotAfter.ToUniversalTime().ToString('o')
            hasPrivateKey = [bool]$certificate.HasPrivateKey
            exportable = Test-SpeExportable $certificate
            matches = Test-SpeCertificateName $certificate $patterns
        }
    }
}

Write-SpeResult ([ordered]@{ certificates = $certificates })
