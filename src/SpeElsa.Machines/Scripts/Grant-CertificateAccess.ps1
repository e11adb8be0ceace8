# Uses: _Certificate
# Lets a service account read private keys. Imported keys belong to administrators and the system only.
$account = [string](Get-SpeInput 'account')
if ($account -match '["*?<>|;/\[\]]' -or $account.Trim() -eq '') { Stop-SpeScript 'script.invalid-input' "'$account' is not an account." }

function Test-Access([string]$file) {
    foreach ($rule in @((Get-Acl -LiteralPath $file).Access)) {
        # The lowest bit is the right to read data.
        if ([string]$rule.AccessControlType -eq 'Allow' -and [string]$rule.IdentityReference -eq $account -and
            ([int]$rule.FileSystemRights -band 1) -ne 0) { return $true }
    }

    return $false
}

$granted = @()
foreach ($text in @(Get-SpeInput 'thumbprints')) {
    $thumbprint = Get-SpeThumbprint $text
    $path = "Cert:\LocalMachine\My\$thumbprint"
    if (-not (Test-Path -LiteralPath $path)) {
        Stop-SpeScript 'certificate.not-found' "The certificate $thumbprint is not in LocalMachine\My."
    }

    $file = Get-SpeKeyFile (Get-Item -LiteralPath $path)
    if ($null -eq $file -or -not (Test-Path -LiteralPath $file)) {
        Stop-SpeScript 'certificate.no-key' "The private key of the certificate $thumbprint is not on this machine."
    }

    $changed = -not (Test-Access $file)
    if ($changed) {
        & icacls.exe $file /grant ($account + ':(R)') /Q | Out-Null
        if ($LASTEXITCODE -ne 0 -or -not (Test-Access $file)) {
            Stop-SpeScript 'certificate.access-denied' "'$account' could not be given the key of $thumbprint (icacls exit code $LASTEXITCODE)."
        }
    }

    $granted += [ordered]@{ thumbprint = $thumbprint; account = $account; changed = $changed }
}

Write-SpeResult ([ordered]@{ granted = $granted })
