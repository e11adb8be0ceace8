# Pulls a tree with robocopy. 'seed' adds and updates; 'final' also removes what the source does not have. Running it again copies the rest.
$source = ([string](Get-SpeInput 'source')).TrimEnd('\')
$destination = ([string](Get-SpeInput 'destination')).TrimEnd('\')
$mode = [string](Get-SpeInput 'mode')
$excludedFiles = @(Get-SpeInput 'excludeFilePatterns' @())
if (@('seed', 'final') -notcontains $mode) { Stop-SpeScript 'script.invalid-input' "'$mode' is not a copy mode; use seed or final." }
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
if ($mode -eq 'final') { $options += '/MIR' } else { $options += '/E' }
if ($excludedFiles.Count -gt 0) { $options += @('/XF') + $excludedFiles }

# The three rows of robocopy's summary are found by their shape: Windows translates the words. Columns: total, copied, skipped,
# mismatch, failed, extras.
$row = '^[^:]+:\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*$'
function Read-Row([string]$line) {
    $match = [regex]::Match($line, $row)
    return @(1..6 | ForEach-Object { [long]$match.Groups[$_].Value })
}

$planned = @()
& robocopy.exe $source $destination @options /L /NFL | ForEach-Object { if ($_ -match $row) { $planned += , (Read-Row $_) } }
if ($LASTEXITCODE -ge 8 -or $planned.Count -lt 3) {
    Stop-SpeScript 'copy.failed' "robocopy could not list '$source' (exit code $LASTEXITCODE)."
}

$filesTotal = $planned[1][1]
$bytesTotal = $planned[2][1]
Write-SpeLog 'information' "Copying $filesTotal files, $bytesTotal bytes, from '$source' to '$destination' ($mode)"
Write-SpeProgress 0 $bytesTotal 0 $filesTotal '' -force

# A file's line comes when it is begun, so what is done is what came before it. A star marks an extra.
$count = @{ Begun = [long]0; Bytes = [long]0; Last = [long]0 }
$summary = @()
& robocopy.exe $source $destination @options | ForEach-Object {
    $line = [string]$_
    if ($line -match $row) {
        $summary += , (Read-Row $line)
    } elseif ($line -match '^\s*([^\t]*?)\s*\t+\s*(\d+)\t(.+)$' -and -not $line.TrimStart().StartsWith('*')) {
        $count.Bytes += $count.Last
        $count.Last = [long]$Matches[2]
        $activity = $Matches[3].Trim()
        Write-SpeProgress $count.Bytes $bytesTotal $count.Begun $filesTotal $activity
        $count.Begun++
    }
}

$exitCode = $LASTEXITCODE
if ($exitCode -ge 16 -or $summary.Count -lt 3) {
    Stop-SpeScript 'copy.failed' "robocopy did not copy '$source' to '$destination' (exit code $exitCode)."
}

if ($exitCode -ge 8) {
    Stop-SpeScript 'copy.incomplete' "robocopy could not copy $($summary[1][4]) files of '$source' (exit code $exitCode)."
}

Write-SpeProgress $summary[2][1] $bytesTotal $summary[1][1] $filesTotal '' -force

$extrasRemoved = 0
if ($mode -eq 'final') { $extrasRemoved = $summary[1][5] }
Write-SpeResult ([ordered]@{
    exitCode = $exitCode
    filesCopied = $summary[1][1]
    bytesCopied = $summary[2][1]
    filesSkipped = $summary[1][2]
    extrasRemoved = $extrasRemoved
})
