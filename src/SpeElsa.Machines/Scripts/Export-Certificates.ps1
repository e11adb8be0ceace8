# Uses: _Certificate
# The result is a secret. Run by path in this session: an object that came through remoting cannot be exported.
$password = ConvertTo-SecureString -String ([string](Get-SpeInput 'password')) -AsPlainText -Force
$certificates = @()
foreach ($text in @(Get-SpeInput 'thumbprints')) {
    $thumbprint = Get-SpeThumbprint $text
    $path = "Cert:\LocalMachine\My\$thumbprint"
    if (-not (Test-Path -LiteralPath $path)) {
        Stop-SpeScript 'certificate.not-found' "The certificate $thumbprint is not in LocalMachine\My."
    }

    $file = New-SpeTransferPath $thumbprint
    try {
        try {
            Export-PfxCertificate -Cert $path -FilePath $file -Password $password | Out-Null
        } catch {
            # Windows says it in its own language, so the key is asked.
            $reason = $_.Exception.Message
            if (-not (Test-SpeExportable (Get-Item -LiteralPath $path))) {
                Stop-SpeScript 'certificate.not-exportable' "The certificate $thumbprint cannot be exported: $reason"
            }

            throw
        }

        $bytes = [System.IO.File]::ReadAllBytes((Convert-Path -LiteralPath $file))
        $certificates += [ordered]@{ thumbprint = $thumbprint; pfx = [System.Convert]::ToBase64String($bytes) }
    } finally {
        Remove-SpeTransferFile $file
    }
}

Write-SpeResult ([ordered]@{ certificates = $certificates; filesRemoved = $true })
