# Renames a directory or a file out of the way, on the same drive. It never overwrites: with something at both places nothing happens, and
# the result says so.
$path = [string](Get-SpeInput 'path')
$asidePath = [string](Get-SpeInput 'asidePath')
$moved = $false
if ((Test-Path -LiteralPath $path) -and -not (Test-Path -LiteralPath $asidePath)) {
    $parent = Split-Path -Path $asidePath -Parent
    if (-not (Test-Path -LiteralPath $parent)) { New-Item -Path $parent -ItemType Directory -Force | Out-Null }
    Move-Item -LiteralPath $path -Destination $asidePath
    $moved = $true
}

Write-SpeResult ([ordered]@{
    moved = $moved
    asideExists = Test-Path -LiteralPath $asidePath
    pathExists = Test-Path -LiteralPath $path
})
