# Pulls a tree with robocopy. 'seed' and 'delta' add and update, before the stop; 'final' also removes what the source does not have.
# Running it again copies the rest.
$source = ([string](Get-SpeInput 'source')).TrimEnd('\')
$destination = ([string](Get-SpeInput 'destination')).TrimEnd('\')
$mode = [string](Get-SpeInput 'mode')
$excludedFiles = @(Get-SpeInput 'excludeFilePatterns' @())
$minimumAgeDays = [int](Get-SpeInput 'minimumAgeDays' 0)
$restartableFromBytes = [long](Get-SpeInput 'restartableFromBytes' 268435456)
$bytesPerSecond = [long](Get-SpeInput 'bytesPerSecond' 0)
if (@('seed', 'delta', 'final') -notcontains $mode) { Stop-SpeScript 'script.invalid-input' "'$mode' is not a copy mode; use seed, delta or final." }
if ($minimumAgeDays -gt 0 -and $mode -ne 'seed') { Stop-SpeScript 'script.invalid-input' 'Only a seed may leave out young files.' }
if ($destination -notmatch '^[A-Za-z]:\\[^\\]') {
    Stop-SpeScript 'script.invalid-input' "'$destination' is not a folder on a drive of this machine."
}

foreach ($system in @($env:SystemRoot, $env:ProgramFiles, $env:ProgramData, "$env:SystemDrive\Users")) {
    if ($destination -eq $system) { Stop-SpeScript 'script.invalid-input' "'$destination' is a folder of Windows and no place to copy to." }
}

if (-not (Test-Path -LiteralPath $source -PathType Container)) {
    Stop-SpeScript 'path.not-found' "The source '$source' does not exist or cannot be read."
}

if ($mode -eq 'final' -and @(Get-ChildItem -LiteralPath $source -Force).Count -eq 0 -and (Test-Path -LiteralPath $destination) -and
    @(Get-ChildItem -LiteralPath $destination -Force).Count -gt 0) {
    # To mirror an empty folder is to empty the destination; that is hardly ever what was meant.
    Stop-SpeScript 'copy.failed' "The source '$source' is empty and the destination '$destination' is not."
}

$options = @('/COPY:DAT', '/DCOPY:DAT', '/XJ', '/R:2', '/W:2', '/BYTES', '/NP', '/NDL', '/FP', '/NJH')
if ($minimumAgeDays -gt 0) { $options += "/MINAGE:$minimumAgeDays" }
if ($bytesPerSecond -gt 0) {
    # A pause after every block of 64 KB; /IORATE would say it in bytes, but only newer servers know it. Less than 1 ms cannot be had.
    if ($bytesPerSecond -le 65536000) {
        $options += "/IPG:$([Math]::Ceiling(65536000 / $bytesPerSecond))"
    } else {
        Write-SpeLog 'warning' "A limit of $bytesPerSecond bytes per second is above what robocopy can hold back; the copy runs without one."
    }
}

$tail = @()
if ($excludedFiles.Count -gt 0) { $tail = @('/XF') + $excludedFiles }
$extent = '/E'
if ($mode -eq 'final') { $extent = '/MIR' }

# What robocopy prints is read by its shape: Windows translates the words. A row of the summary: total, copied, skipped, mismatch, failed,
# extras. A file's line comes when it is begun; a star marks an extra. An error: its number, then the path.
$row = '^[^:]+:\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*$'
$fileLine = '^\s*([^\t]*?)\s*\t+\s*(\d+)\t(.+)$'
$errorLine = '\s(\d+) \(0x[0-9A-Fa-f]{8}\) .*?((?:[A-Za-z]:\\|\\\\).+?)\s*$'
$done = @{ Bytes = [long]0; Files = [long]0 }

function Copy-Tree([string[]]$more, [scriptblock]$onFile) {
    $pass = @{ ExitCode = 0; Rows = @(); Failures = @{}; Arguments = @($options + $more + $tail) }
    $arguments = $pass.Arguments
    & robocopy.exe $source $destination @arguments | ForEach-Object {
        $line = [string]$_
        if ($line -match $row) {
            $match = [regex]::Match($line, $row)
            $pass.Rows += , @(1..6 | ForEach-Object { [long]$match.Groups[$_].Value })
        } elseif ($line -match $errorLine) {
            $pass.Failures[$Matches[2]] = [int]$Matches[1]
        } elseif ($line -match $fileLine -and -not $line.TrimStart().StartsWith('*')) {
            $null = & $onFile ([long]$Matches[2]) ($Matches[3].Trim())
        }
    }

    # The exit code is a mask: 1 copied, 2 extras, 4 mismatches, 8 some failed, 16 nothing done.
    $pass.ExitCode = $LASTEXITCODE
    if (($pass.ExitCode -band 16) -ne 0 -or $pass.Rows.Count -lt 3) {
        Stop-SpeScript 'copy.failed' "robocopy did not copy '$source' to '$destination' (exit code $($pass.ExitCode))."
    }

    return $pass
}

$large = @{ Files = 0 }
$planned = Copy-Tree @($extent, '/L') { param($length, $path) if ($length -ge $restartableFromBytes) { $large.Files++ } }
$filesTotal = $planned.Rows[1][1]
$bytesTotal = $planned.Rows[2][1]
Write-SpeLog 'information' "Copying $filesTotal files, $bytesTotal bytes, from '$source' to '$destination' ($mode)"
Write-SpeProgress 0 $bytesTotal 0 $filesTotal '' -force

$begun = @{ Files = [long]0; Bytes = [long]0; Last = [long]0 }
$onFile = {
    param($length, $path)
    $begun.Bytes += $begun.Last
    $begun.Last = $length
    Write-SpeProgress ([Math]::Min($begun.Bytes, $bytesTotal)) $bytesTotal ([Math]::Min($begun.Files, $filesTotal)) $filesTotal $path
    $begun.Files++
}

# Large files first and in restart mode, so that a broken line costs no hours; it is slow, so small files go without. The last pass sees
# the whole tree: what it finds there already it passes over, and only it may remove anything.
$passes = @()
if ($large.Files -gt 0) { $passes += , (Copy-Tree @('/E', '/Z', "/MIN:$restartableFromBytes") $onFile) }
$last = Copy-Tree @($extent) $onFile
$passes += , $last

if (($last.ExitCode -band 8) -ne 0) {
    $files = @($last.Failures.Keys | ForEach-Object { [string]$_ })
    $locked = @($files | ForEach-Object { if (@(32, 33) -contains $last.Failures[$_]) { $_ } })
    $code = 'copy.incomplete'
    $why = 'could not be copied'
    $numbers = @()
    foreach ($number in $last.Failures.Values) { if ($numbers -notcontains $number) { $numbers += $number } }
    $isFull = $numbers.Count -gt 0
    foreach ($number in $numbers) { if (@(39, 112) -notcontains $number) { $isFull = $false } }
    if ($locked.Count -gt 0 -and $locked.Count -eq $files.Count) { $code = 'copy.locked'; $why = 'are in use' }
    elseif ($isFull) { $why += ', because the disk is full; free space there, and trying again copies the rest' }
    elseif ($numbers.Count -eq 1 -and $numbers[0] -eq 5) { $why += ', because access is denied; give the account access, and trying again copies the rest' }
    elseif ($numbers.Count -gt 0) { $why += " (Windows error $($numbers -join ', ')); trying again copies the rest" }
    $shown = @($files | ForEach-Object { "'$_'" })
    if ($shown.Count -gt 10) { $shown = @($shown[0..9]) + @('...') }
    Stop-SpeScript $code "$($last.Rows[1][4]) files of '$source' $why (robocopy exit code $($last.ExitCode)): $($shown -join ', ')" $files
}

$copied = [long]0
$bytes = [long]0
foreach ($pass in $passes) { $copied += $pass.Rows[1][1]; $bytes += $pass.Rows[2][1] }
Write-SpeProgress $bytes $bytesTotal $copied $filesTotal '' -force

$mask = 0
foreach ($pass in $passes) { $mask = $mask -bor $pass.ExitCode }
$extrasRemoved = 0
if ($mode -eq 'final') { $extrasRemoved = $last.Rows[1][5] }
Write-SpeResult ([ordered]@{
    exitCode = $mask -band 7
    outcome = [ordered]@{
        copied = ($mask -band 1) -ne 0; extras = ($mask -band 2) -ne 0; mismatched = ($mask -band 4) -ne 0
    }
    filesCopied = $copied
    bytesCopied = $bytes
    filesSkipped = $last.Rows[1][2] - ($copied - $last.Rows[1][1])
    extrasRemoved = $extrasRemoved
    passes = @($passes | ForEach-Object { [ordered]@{ options = $_.Arguments -join ' '; exitCode = $_.ExitCode; filesCopied = $_.Rows[1][1] } })
})
