# Uses: _Certificate
# What a transfer leaves when the machine or the connection dies in the middle of it.
$remove = [bool](Get-SpeInput 'remove' $false)
$folder = Join-Path -Path $env:ProgramData -ChildPath 'SpeElsa\Transfer'
$files = @()
$removed = @()
if (Test-Path -LiteralPath $folder) {
    foreach ($file in @(Get-ChildItem -LiteralPath $folder -Filter '*.pfx' -Force)) {
        $path = Join-Path -Path $folder -ChildPath $file.Name
        $files += $path
        if ($remove) {
            Remove-SpeTransferFile $path
            $removed += $path
        }
    }
}

Write-SpeResult ([ordered]@{ files = $files; removed = $removed })
