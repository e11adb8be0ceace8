# Pulls one file onto this machine, whole or not at all: it arrives beside its place, its hash is compared, and a rename puts it there.
# What was in its place goes aside first, once: what is aside already is never overwritten. Running it again does the rest.
$source = [string](Get-SpeInput 'source')
$destination = [string](Get-SpeInput 'destination')
$asidePath = [string](Get-SpeInput 'asidePath')
$arriving = "$destination.arriving"

function Get-Sha256([string]$file) {
    if (-not (Test-Path -LiteralPath $file -PathType Leaf)) { return '' }
    $sha = [System.Security.Cryptography.SHA256CryptoServiceProvider]::new()
    $stream = [System.IO.File]::Open((Convert-Path -LiteralPath $file), 'Open', 'Read', 'ReadWrite')
    try {
        return [System.BitConverter]::ToString($sha.ComputeHash($stream)).Replace('-', '').ToLowerInvariant()
    } finally {
        $stream.Dispose()
        $sha.Dispose()
    }
}

if (-not (Test-Path -LiteralPath $source -PathType Leaf)) {
    Stop-SpeScript 'path.not-found' "The file '$source' does not exist or cannot be read."
}

$wanted = Get-Sha256 $source
$changed = (Get-Sha256 $destination) -ne $wanted
if ($changed) {
    if ((Get-Sha256 $arriving) -ne $wanted) { Copy-Item -LiteralPath $source -Destination $arriving -Force }
    if ((Get-Sha256 $arriving) -ne $wanted) {
        Stop-SpeScript 'copy.incomplete' "'$source' did not arrive as it is: '$arriving' has another hash. Nothing was replaced; trying again copies it again."
    }

    if ((Test-Path -LiteralPath $destination) -and -not (Test-Path -LiteralPath $asidePath)) {
        Move-Item -LiteralPath $destination -Destination $asidePath
    }

    Move-Item -LiteralPath $arriving -Destination $destination -Force
}

Write-SpeResult ([ordered]@{ sha256 = $wanted; changed = $changed; asideExists = Test-Path -LiteralPath $asidePath })
