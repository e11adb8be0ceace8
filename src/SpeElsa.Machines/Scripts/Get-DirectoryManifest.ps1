# Counts and hashes a tree. The digest is the SHA-256 over one line for each file, in ordinal order of the paths:
# 'path/with/slashes|length|sha256'.
# Junctions are named and never followed: the copy does not follow them either.
$path = ([string](Get-SpeInput 'path')).TrimEnd('\')
$excluded = @(Get-SpeInput 'excludeDirectories' @())
$manifestFile = [string](Get-SpeInput 'manifestFile' '')
$includeFiles = [bool](Get-SpeInput 'includeFiles' $false)
$sha = [System.Security.Cryptography.SHA256]::Create()
$digest = [System.Security.Cryptography.SHA256]::Create()
$nothing = [byte[]]::new(0)

function Format-Hash([byte[]]$hash) {
    return [System.BitConverter]::ToString($hash).Replace('-', '').ToLowerInvariant()
}

$exists = Test-Path -LiteralPath $path -PathType Container
$places = @{}
$junctions = @()
$bytesTotal = [long]0
if ($exists) {
    $root = (Convert-Path -LiteralPath $path).TrimEnd('\', '/')
    $pending = [System.Collections.Generic.Stack[System.IO.DirectoryInfo]]::new()
    $pending.Push([System.IO.DirectoryInfo]::new($root))
    while ($pending.Count -gt 0) {
        foreach ($entry in $pending.Pop().EnumerateFileSystemInfos()) {
            $relative = $entry.FullName.Substring($root.Length + 1).Replace('\', '/')
            if ($entry -is [System.IO.DirectoryInfo]) {
                if ($excluded -contains $entry.Name) { continue }
                if (([int]$entry.Attributes -band [int][System.IO.FileAttributes]::ReparsePoint) -ne 0) {
                    $junctions += $relative
                } else {
                    $pending.Push($entry)
                }
            } else {
                $places[$relative] = $entry.FullName
                $bytesTotal += $entry.Length
            }
        }
    }
}

$names = [string[]]@($places.Keys)
[array]::Sort($names, [System.StringComparer]::Ordinal)
$junctions = [string[]]$junctions
[array]::Sort($junctions, [System.StringComparer]::Ordinal)

$writer = $null
if ($manifestFile -ne '') {
    $parent = Split-Path -Path $manifestFile -Parent
    if (-not (Test-Path -LiteralPath $parent)) { New-Item -Path $parent -ItemType Directory -Force | Out-Null }
    New-Item -Path $manifestFile -ItemType File -Force | Out-Null
    $writer = [System.IO.StreamWriter]::new((Convert-Path -LiteralPath $manifestFile))
}

try {
    $files = @()
    $bytesDone = [long]0
    $filesDone = 0
    $buffer = [byte[]]::new(1048576)
    foreach ($name in $names) {
        Write-SpeProgress $bytesDone $bytesTotal $filesDone $names.Length $name
        $length = [long]0
        $sha.Initialize()
        # Shared for reading and writing: whether a file is still written to is the caller's question, not this script's.
        $stream = [System.IO.File]::Open($places[$name], 'Open', 'Read', 'ReadWrite')
        try {
            while (($count = $stream.Read($buffer, 0, $buffer.Length)) -gt 0) {
                $null = $sha.TransformBlock($buffer, 0, $count, $null, 0)
                $length += $count
                $bytesDone += $count
                Write-SpeProgress $bytesDone $bytesTotal $filesDone $names.Length $name
            }
        } finally {
            $stream.Dispose()
        }

        $null = $sha.TransformFinalBlock($nothing, 0, 0)
        $hash = Format-Hash $sha.Hash
        $line = [System.Text.Encoding]::UTF8.GetBytes("$name|$length|$hash`n")
        $null = $digest.TransformBlock($line, 0, $line.Length, $null, 0)
        $file = [ordered]@{ path = $name; length = $length; sha256 = $hash }
        if ($includeFiles) { $files += $file }
        if ($null -ne $writer) { $writer.Write((ConvertTo-SpeJson $file) + "`n") }
        $filesDone++
    }
} finally {
    if ($null -ne $writer) { $writer.Dispose() }
}

$null = $digest.TransformFinalBlock($nothing, 0, 0)
Write-SpeProgress $bytesDone $bytesTotal $filesDone $names.Length '' -force
$result = [ordered]@{
    exists = $exists
    fileCount = $names.Length
    totalBytes = $bytesDone
    digest = Format-Hash $digest.Hash
    skippedJunctions = @($junctions)
}
if ($includeFiles) { $result['files'] = $files }
Write-SpeResult $result
