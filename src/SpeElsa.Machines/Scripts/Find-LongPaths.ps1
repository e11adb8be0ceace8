# Uses: _Registry
# What would be longer than Windows lets most programs use, once the tree is below another folder. Junctions are not followed.
$path = ([string](Get-SpeInput 'path')).TrimEnd('\')
$destination = ([string](Get-SpeInput 'destination' $path)).TrimEnd('\')
$limit = [int](Get-SpeInput 'limit' 259)
if (-not (Test-Path -LiteralPath $path -PathType Container)) { Stop-SpeScript 'path.not-found' "The directory '$path' does not exist." }

$root = (Convert-Path -LiteralPath $path).TrimEnd('\', '/')
$count = [long]0
$files = [long]0
$longest = 0
$paths = @()
$unreadable = @()
$pending = [System.Collections.Generic.Stack[System.IO.DirectoryInfo]]::new()
$pending.Push([System.IO.DirectoryInfo]::new($root))
while ($pending.Count -gt 0) {
    $directory = $pending.Pop()
    Write-SpeProgress 0 0 $files 0 $directory.Name
    $entries = @()
    # A folder whose entries are too long already cannot be read in this PowerShell.
    try { $entries = @($directory.EnumerateFileSystemInfos()) } catch { $unreadable += $directory.Name }
    foreach ($entry in $entries) {
        $relative = $entry.FullName.Substring($root.Length + 1).Replace('/', '\')
        $length = $destination.Length + 1 + $relative.Length
        if ($length -gt $longest) { $longest = $length }
        if ($length -gt $limit) {
            $count++
            if ($paths.Count -lt 20) { $paths += $relative }
        }

        if ($entry -isnot [System.IO.DirectoryInfo]) {
            $files++
        } elseif (([int]$entry.Attributes -band [int][System.IO.FileAttributes]::ReparsePoint) -eq 0) {
            $pending.Push($entry)
        }
    }
}

Write-SpeResult ([ordered]@{
    longest = $longest; limit = $limit; count = $count; paths = $paths; unreadable = $unreadable
    longPathsEnabled = [int](Get-SpeRegistryValue 'HKLM:\SYSTEM\CurrentControlSet\Control\FileSystem' 'LongPathsEnabled' 0) -eq 1
})
