# Uses: _Certificate
# The input is a secret. The keys are imported as exportable, so that the way back is open.
$password = ConvertTo-SecureString -String ([string](Get-SpeInput 'password')) -AsPlainText -Force
$imported = @()
foreach ($item in @(Get-SpeInput 'certificates')) {
    $thumbprint = Get-SpeThumbprint $item.thumbprint
    $path = "Cert:\LocalMachine\My\$thumbprint"
    $present = (Test-Path -LiteralPath $path) -and (Get-Item -LiteralPath $path).HasPrivateKey
    if (-not $present) {
        $file = New-SpeTransferPath $thumbprint
        try {
            New-Item -Path $file -ItemType File | Out-Null
            [System.IO.File]::WriteAllBytes((Convert-Path -LiteralPath $file), [System.Convert]::FromBase64String([string]$item.pfx))
            Import-PfxCertificate -FilePath $file -CertStoreLocation 'Cert:\LocalMachine\My' -Password $password -Exportable | Out-Null
        } finally {
            Remove-SpeTransferFile $file
        }

        if (-not (Test-Path -LiteralPath $path)) {
            Stop-SpeScript 'certificate.mismatch' "The imported file did not hold the certificate $thumbprint."
        }

        if (-not (Get-Item -LiteralPath $path).HasPrivateKey) {
            Stop-SpeScript 'certificate.mismatch' "The certificate $thumbprint arrived without its private key."
        }
    }

    $imported += [ordered]@{ thumbprint = $thumbprint; hasPrivateKey = $true; changed = -not $present }
}

Write-SpeResult ([ordered]@{ imported = $imported; filesRemoved = $true })
