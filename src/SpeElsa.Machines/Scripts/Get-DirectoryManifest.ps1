# Counts and hashes a tree, several files at a time. The digest is the SHA-256 over one line for each file, in ordinal order of the paths:
# 'path/with/slashes|length|sha256'.
# Junctions are named and never followed: the copy does not follow them either.
# With a resume key or a manifest file it can be resumed: each hash is written at once to a file, and taken from there while the hashed file
# has the same length and time. That file goes when all is hashed.
$path = ([string](Get-SpeInput 'path')).TrimEnd('\')
$excluded = @(Get-SpeInput 'excludeDirectories' @())
$manifestFile = [string](Get-SpeInput 'manifestFile' '')
$resumeKey = [string](Get-SpeInput 'resumeKey' '')
$includeFiles = [bool](Get-SpeInput 'includeFiles' $false)
$parallel = [int](Get-SpeInput 'parallel' 4)
if ($parallel -lt 1 -or $parallel -gt 64) { Stop-SpeScript 'script.invalid-input' "'$parallel' is not a number of files at a time; use 1 to 64." }

# It runs in sessions of their own, so it sees nothing of this script. A file is shared for reading and writing: whether it is still written
# to is the caller's question. The provider is the one that Windows may also use where FIPS is required.
$hashFile = {
    param([string]$file, $counter)
    $sha = [System.Security.Cryptography.SHA256CryptoServiceProvider]::new()
    $stream = [System.IO.File]::Open($file, 'Open', 'Read', 'ReadWrite')
    try {
        $buffer = [byte[]]::new(1048576)
        $length = [long]0
        while (($count = $stream.Read($buffer, 0, $buffer.Length)) -gt 0) {
            $null = $sha.TransformBlock($buffer, 0, $count, $null, 0)
            $length += $count
            $counter['done'] = $length
        }

        $null = $sha.TransformFinalBlock($buffer, 0, 0)
        $counter['sha256'] = [System.BitConverter]::ToString($sha.Hash).Replace('-', '').ToLowerInvariant()
    } finally {
        $stream.Dispose()
        $sha.Dispose()
    }
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
                $places[$relative] = $entry
                $bytesTotal += $entry.Length
            }
        }
    }
}

$names = [string[]]@($places.Keys)
[array]::Sort($names, [System.StringComparer]::Ordinal)
$junctions = [string[]]$junctions
[array]::Sort($junctions, [System.StringComparer]::Ordinal)

# What an earlier run has hashed; its last line may be half a line.
$known = @{}
$partFile = ''
$writer = $null
if ($manifestFile -ne '') {
    $parent = Split-Path -Path $manifestFile -Parent
    if (-not (Test-Path -LiteralPath $parent)) { New-Item -Path $parent -ItemType Directory -Force | Out-Null }
    $partFile = "$manifestFile.part"
}

if ($resumeKey -ne '') {
    if ($resumeKey -notmatch '^[A-Za-z0-9][A-Za-z0-9._-]{0,149}$') { Stop-SpeScript 'script.invalid-input' "'$resumeKey' is not a key." }
    $partFile = Join-Path -Path (Initialize-SpeFolder 'Manifests') -ChildPath "$resumeKey.part"
}

if ($partFile -ne '') {
    if (Test-Path -LiteralPath $partFile) {
        foreach ($line in (Read-SpeText $partFile).Split([char]10)) {
            if ($line -notmatch '^\{.*\}$') { continue }
            $entry = ConvertFrom-Json -InputObject $line
            $known[[string]$entry.path] = $entry
        }
    } else {
        New-Item -Path $partFile -ItemType File | Out-Null
    }

    $writer = [System.IO.File]::AppendText((Convert-Path -LiteralPath $partFile))
    $writer.AutoFlush = $true
    $writer.Write("`n")
}

$hashes = @{}
$done = @{ Bytes = [long]0; Files = 0; Reused = 0 }
function Add-Hash([string]$name, [long]$length, [string]$sha256) {
    $hashes[$name] = [ordered]@{ path = $name; length = $length; sha256 = $sha256 }
    $done.Bytes += $length
    $done.Files++
}

$sessions = [runspacefactory]::CreateRunspacePool([initialsessionstate]::CreateDefault2())
$null = $sessions.SetMaxRunspaces($parallel)
$sessions.Open()
$running = @()
try {
    $queue = [System.Collections.Generic.Queue[string]]::new($names)
    while ($queue.Count -gt 0 -or $running.Count -gt 0) {
        while ($queue.Count -gt 0 -and $running.Count -lt $parallel) {
            $name = $queue.Dequeue()
            $file = $places[$name]
            $earlier = $known[$name]
            if ($null -ne $earlier -and [long]$earlier.length -eq $file.Length -and [long]$earlier.ticks -eq $file.LastWriteTimeUtc.Ticks) {
                Add-Hash $name $file.Length ([string]$earlier.sha256)
                $done.Reused++
                continue
            }

            $counter = [hashtable]::Synchronized(@{ done = [long]0; sha256 = '' })
            $session = [powershell]::Create()
            $session.RunspacePool = $sessions
            $null = $session.AddScript($hashFile.ToString()).AddArgument($file.FullName).AddArgument($counter)
            $running += @{ Name = $name; Ticks = $file.LastWriteTimeUtc.Ticks; Counter = $counter; Session = $session; Call = $session.BeginInvoke() }
        }

        $still = @()
        $bytes = $done.Bytes
        foreach ($work in $running) {
            if (-not $work.Call.IsCompleted) {
                $bytes += [long]$work.Counter['done']
                $still += $work
                continue
            }

            try {
                $null = $work.Session.EndInvoke($work.Call)
            } finally {
                $work.Session.Dispose()
            }

            if ($work.Counter['sha256'] -eq '') { Stop-SpeScript 'script.failed' "The file '$($work.Name)' of '$path' could not be hashed." }
            Add-Hash $work.Name $work.Counter['done'] $work.Counter['sha256']
            $bytes += [long]$work.Counter['done']
            if ($null -ne $writer) {
                $entry = [ordered]@{ path = $work.Name; length = $work.Counter['done']; ticks = $work.Ticks; sha256 = $work.Counter['sha256'] }
                $writer.Write((ConvertTo-SpeJson $entry) + "`n")
            }
        }

        $running = $still
        $activity = ''
        if ($running.Count -gt 0) { $activity = $running[0].Name }
        Write-SpeProgress $bytes $bytesTotal $done.Files $names.Length $activity
        if ($running.Count -gt 0) { $null = $running[0].Call.AsyncWaitHandle.WaitOne(200) }
    }
} finally {
    foreach ($work in $running) { $work.Session.Dispose() }
    $sessions.Dispose()
    if ($null -ne $writer) { $writer.Dispose() }
}

$digest = [System.Security.Cryptography.SHA256CryptoServiceProvider]::new()
$files = @()
$lines = [System.Text.StringBuilder]::new()
foreach ($name in $names) {
    $file = $hashes[$name]
    $bytes = [System.Text.Encoding]::UTF8.GetBytes("$name|$($file.length)|$($file.sha256)`n")
    $null = $digest.TransformBlock($bytes, 0, $bytes.Length, $null, 0)
    if ($includeFiles) { $files += $file }
    if ($manifestFile -ne '') { $null = $lines.Append((ConvertTo-SpeJson $file)).Append("`n") }
}

$null = $digest.TransformFinalBlock([byte[]]::new(0), 0, 0)
if ($manifestFile -ne '') { Write-SpeText $manifestFile $lines.ToString() }
if ($partFile -ne '') { Remove-Item -LiteralPath $partFile -Force }

Write-SpeProgress $done.Bytes $bytesTotal $done.Files $names.Length '' -force
$result = [ordered]@{
    exists = $exists
    fileCount = $names.Length
    filesReused = $done.Reused
    totalBytes = $done.Bytes
    digest = [System.BitConverter]::ToString($digest.Hash).Replace('-', '').ToLowerInvariant()
    skippedJunctions = @($junctions)
}
if ($includeFiles) { $result['files'] = $files }
Write-SpeResult $result
