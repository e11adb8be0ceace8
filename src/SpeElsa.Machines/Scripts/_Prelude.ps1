# What every script finds ready. Windows PowerShell 5.1, ASCII. The composed text is: a header, this, the script's own block.
# Output is one JSON object per line, and ASCII only, so that no code page of the machine or of the connection can spoil it.
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$SpeState = @{ Result = $null; HasResult = $false; Sequence = 0; Clock = [System.Diagnostics.Stopwatch]::StartNew(); NextProgress = 0 }

function ConvertTo-SpeJson($value) {
    $json = ConvertTo-Json -InputObject $value -Depth 20 -Compress
    return [regex]::Replace($json, '[^\x20-\x7e]', { param($match) '\u{0:x4}' -f [int][char]$match.Value })
}

# The host writes to standard output; the pipeline would be caught by whoever assigns the result of a function.
function Write-SpeLine($value) {
    $Host.UI.WriteLine((ConvertTo-SpeJson $value))
}

function Write-SpeLog([string]$level, [string]$message) {
    $SpeState.Sequence++
    $entry = [ordered]@{
        t = 'log'; sequence = $SpeState.Sequence; timestamp = [datetime]::UtcNow.ToString('o'); level = $level; message = $message
    }
    Write-SpeLine $entry
    if ($SpeTicketDirectory) { Save-SpeTicketLog $entry }
}

# Says how far the script is, at most once a second unless forced. It is also where a ticket notices that it is to stop.
function Write-SpeProgress([long]$bytesDone, [long]$bytesTotal, [long]$filesDone, [long]$filesTotal, [string]$activity, [switch]$force) {
    $elapsed = $SpeState.Clock.Elapsed.TotalSeconds
    if (-not $force -and $elapsed -lt $SpeState.NextProgress) { return }
    $SpeState.NextProgress = $elapsed + 1
    $progress = [ordered]@{
        t = 'progress'; bytesDone = $bytesDone; bytesTotal = $bytesTotal; filesDone = $filesDone; filesTotal = $filesTotal
        bytesPerSecond = [Math]::Round($bytesDone / [Math]::Max($elapsed, 0.001), 1); activity = $activity
    }
    Write-SpeLine $progress
    if ($SpeTicketDirectory) {
        Save-SpeTicketProgress $progress
        Assert-SpeTicketWanted
    }
}

function Write-SpeResult($value) {
    $SpeState.Result = $value
    $SpeState.HasResult = $true
    Write-SpeLine ([ordered]@{ t = 'result'; value = $value })
}

# Ends the script with an error that the other side can tell apart, and with the files that it is about.
function Stop-SpeScript([string]$code, [string]$message, [string[]]$files) {
    $exception = [System.InvalidOperationException]::new($message)
    $exception.Data['SpeCode'] = $code
    if ($null -ne $files) { $exception.Data['SpeFiles'] = $files }
    throw $exception
}

# Reads one property of the input; without a default it must be there.
function Get-SpeInput([string]$name, $default) {
    $property = $SpeInput.PSObject.Properties[$name]
    if ($null -ne $property -and $null -ne $property.Value) { return $property.Value }
    if ($PSBoundParameters.ContainsKey('default')) { return $default }
    Stop-SpeScript 'script.invalid-input' "The input '$name' is missing."
}

function Get-SpeError($record, [scriptblock]$body) {
    $exception = $record.Exception
    if ($exception -is [System.Management.Automation.MethodInvocationException] -and $null -ne $exception.InnerException) {
        $exception = $exception.InnerException
    }

    $code = 'script.failed'
    if ($exception.Data.Contains('SpeCode')) { $code = [string]$exception.Data['SpeCode'] }

    # A script that runs another one knows the place in that one.
    if ($exception.Data.Contains('SpeLine')) {
        return [ordered]@{
            code = $code; message = $exception.Message; script = $SpeScriptName
            line = $exception.Data['SpeLine']; position = $exception.Data['SpePosition']
        }
    }

    # The innermost frame that is in the script itself: the lines before it are ours. Windows translates the words, not the numbers.
    $line = $null
    $position = $null
    foreach ($match in [regex]::Matches([string]$record.ScriptStackTrace, '(?m)(\d+)\s*$')) {
        $number = [int]$match.Groups[1].Value - $SpeLineOffset
        if ($number -gt 0) {
            $line = $number
            $position = $body.ToString().Split([char]10)[$number].Trim()
            break
        }
    }

    $failure = [ordered]@{ code = $code; message = $exception.Message; script = $SpeScriptName; line = $line; position = $position }
    if ($exception.Data.Contains('SpeFiles')) { $failure['files'] = @($exception.Data['SpeFiles']) }
    return $failure
}

# The line 'begin' tells a machine that never came up from a script that did.
function Invoke-SpeScript([scriptblock]$body) {
    Write-SpeLine ([ordered]@{ t = 'begin'; script = $SpeScriptName })
    try {
        $null = & $body
    } catch {
        Write-SpeLine ([ordered]@{ t = 'error'; error = (Get-SpeError $_ $body) })
        exit 1
    }
}

function Read-SpeText([string]$path) {
    return [System.IO.File]::ReadAllText((Convert-Path -LiteralPath $path))
}

# A new file with a temporary name, renamed into place: a reader or a kill sees all of it or none.
function Write-SpeText([string]$path, [string]$text) {
    $temporary = "$path.new"
    New-Item -Path $temporary -ItemType File -Force | Out-Null
    [System.IO.File]::WriteAllText((Convert-Path -LiteralPath $temporary), $text)
    Move-Item -LiteralPath $temporary -Destination $path -Force
}

# Our folder on the machine, for administrators and the system only: any user may create folders in ProgramData, and a task runs from here.
function Initialize-SpeFolder([string]$child) {
    $root = Join-Path -Path $env:ProgramData -ChildPath 'SpeElsa'
    $folder = Join-Path -Path $root -ChildPath $child
    if (-not (Test-Path -LiteralPath $folder)) {
        New-Item -Path $folder -ItemType Directory -Force | Out-Null
    }

    & icacls.exe $root /setowner '*S-1-5-32-544' /T /C /Q | Out-Null
    & icacls.exe $root /inheritance:r /grant:r '*S-1-5-18:(OI)(CI)F' '*S-1-5-32-544:(OI)(CI)F' /Q | Out-Null
    if ($LASTEXITCODE -ne 0) {
        Stop-SpeScript 'script.failed' "The folder '$root' could not be closed to ordinary users (icacls exit code $LASTEXITCODE)."
    }

    return $folder
}

function Get-SpeProductVersion([string]$installDirectory) {
    $tool = Join-Path -Path $installDirectory -ChildPath 'MailStoreInfrastructureConfig.exe'
    if (-not (Test-Path -LiteralPath $tool)) { return $null }
    return [string](Get-Item -LiteralPath $tool -Force).VersionInfo.FileVersion
}

if ($SpeTicketDirectory) {
    $SpeInput = ConvertFrom-Json -InputObject (Read-SpeText (Join-Path -Path $SpeTicketDirectory -ChildPath 'input.json'))
} else {
    $SpeInput = ConvertFrom-Json -InputObject (@($input) -join '')
}
