# Uses: _Certificate
# From one store of the machine to another: the keys stay where Windows protects them. With the stores exchanged it is the way back.
$from = Get-SpeStorePath ([string](Get-SpeInput 'store' 'My'))
$to = Get-SpeStorePath ([string](Get-SpeInput 'backupStore'))
$moved = @()
$alreadyThere = @()
foreach ($text in @(Get-SpeInput 'thumbprints')) {
    $thumbprint = Get-SpeThumbprint $text
    if (Test-Path -LiteralPath "$from\$thumbprint") {
        if (-not (Test-Path -LiteralPath $to)) { New-Item -Path $to | Out-Null }
        Move-Item -LiteralPath "$from\$thumbprint" -Destination $to
        if (Test-Path -LiteralPath "$from\$thumbprint") {
            Stop-SpeScript 'certificate.mismatch' "The certificate $thumbprint is still in $from."
        }

        $moved += $thumbprint
    } elseif (Test-Path -LiteralPath "$to\$thumbprint") {
        $alreadyThere += $thumbprint
    } else {
        Stop-SpeScript 'certificate.not-found' "The certificate $thumbprint is neither in $from nor in $to."
    }
}

Write-SpeResult ([ordered]@{ moved = $moved; alreadyThere = $alreadyThere })
