# Uses: _Certificate
# Removes certificates with their keys, by thumbprint or by name. With copyInStore only those that this other store holds as well.
$name = [string](Get-SpeInput 'store' 'My')
$store = Get-SpeStorePath $name
$copyInStore = [string](Get-SpeInput 'copyInStore' '')
$patterns = @(Get-SpeInput 'names' @())
foreach ($pattern in $patterns) {
    if (([string]$pattern).Trim('*', '?', ' ') -eq '') { Stop-SpeScript 'script.invalid-input' "'$pattern' would match every certificate." }
}

if ($copyInStore -ne '' -and $copyInStore -eq $name) { Stop-SpeScript 'script.invalid-input' 'A store is no copy of itself.' }
$wanted = @(Get-SpeInput 'thumbprints' @() | ForEach-Object { Get-SpeThumbprint $_ })
if ($wanted.Count -eq 0 -and $patterns.Count -eq 0) { Stop-SpeScript 'script.invalid-input' 'Neither thumbprints nor names are given.' }
if ($patterns.Count -gt 0 -and (Test-Path -LiteralPath $store)) {
    foreach ($certificate in @(Get-ChildItem -LiteralPath $store)) {
        $found = [string]$certificate.Thumbprint
        if ((Test-SpeCertificateName $certificate $patterns) -and $wanted -notcontains $found) { $wanted += $found }
    }
}

# All are looked at before the first is removed.
$present = @()
$alreadyGone = @()
foreach ($thumbprint in $wanted) {
    if (-not (Test-Path -LiteralPath "$store\$thumbprint")) {
        $alreadyGone += $thumbprint
    } elseif ($copyInStore -ne '' -and -not (Test-Path -LiteralPath "$(Get-SpeStorePath $copyInStore)\$thumbprint")) {
        Stop-SpeScript 'certificate.no-copy' "The certificate $thumbprint is not in the store '$copyInStore'; removing it would lose it."
    } else {
        $present += $thumbprint
    }
}

foreach ($thumbprint in $present) {
    # Another copy of the certificate in a store of this machine uses the same key.
    if ($copyInStore -ne '') {
        Remove-Item -LiteralPath "$store\$thumbprint"
    } else {
        Remove-Item -LiteralPath "$store\$thumbprint" -DeleteKey
    }

    if (Test-Path -LiteralPath "$store\$thumbprint") { Stop-SpeScript 'certificate.mismatch' "The certificate $thumbprint is still in $store." }
}

Write-SpeResult ([ordered]@{ removed = $present; alreadyGone = $alreadyGone })
