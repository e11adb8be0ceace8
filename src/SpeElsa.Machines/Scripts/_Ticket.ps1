# A ticket is a folder: run.ps1 and input.json (prepared), state.json (begun, written once), log\ and progress.json, cancel (asked to stop),
# result.json (ended). While the script runs its process holds runner.lock; Windows lets go of it however the process ends.

function Get-SpeTicketFolder([string]$ticket) {
    if ($ticket -notmatch '^[A-Za-z0-9]([A-Za-z0-9._-]{0,98}[A-Za-z0-9])?$') {
        Stop-SpeScript 'script.invalid-input' "'$ticket' is not a ticket."
    }

    return Join-Path -Path (Join-Path -Path $env:ProgramData -ChildPath 'SpeElsa\Tickets') -ChildPath $ticket
}

function Test-SpeTicketFile([string]$folder, [string]$name) {
    return Test-Path -LiteralPath (Join-Path -Path $folder -ChildPath $name)
}

# Opens a file for this process alone; null when another has it for longer than the given time.
function Open-SpeLock([string]$path, [int]$seconds) {
    if (-not (Test-Path -LiteralPath $path)) {
        try { New-Item -Path $path -ItemType File | Out-Null } catch [System.IO.IOException] { }
    }

    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    while ($true) {
        try {
            return [System.IO.File]::Open((Convert-Path -LiteralPath $path), 'Open', 'ReadWrite', 'None')
        } catch [System.IO.IOException] {
            if ($clock.Elapsed.TotalSeconds -ge $seconds) { return $null }
        }

        Start-Sleep -Milliseconds 50
    }
}

function Test-SpeTicketRuns([string]$folder) {
    $path = Join-Path -Path $folder -ChildPath 'runner.lock'
    if (-not (Test-Path -LiteralPath $path)) { return $false }
    try {
        $stream = [System.IO.File]::Open((Convert-Path -LiteralPath $path), 'Open', 'Read', 'Read')
        $stream.Dispose()
        return $false
    } catch [System.IO.IOException] {
        return $true
    }
}

function Get-SpeTicketTask([string]$ticket) {
    return Get-ScheduledTask -TaskName "SpeElsa-$ticket" -TaskPath '\SpeElsa\' -ErrorAction SilentlyContinue
}

function Test-SpeTicketTaskRuns([string]$ticket) {
    $task = Get-SpeTicketTask $ticket
    return ($null -ne $task) -and (@('Running', 'Queued') -contains [string]$task.State)
}

function Save-SpeTicketLog($entry) {
    $folder = Join-Path -Path $SpeTicketDirectory -ChildPath 'log'
    if (-not (Test-Path -LiteralPath $folder)) { New-Item -Path $folder -ItemType Directory -Force | Out-Null }
    Write-SpeText (Join-Path -Path $folder -ChildPath ('{0:D8}.json' -f $entry.sequence)) (ConvertTo-SpeJson $entry)
}

# A reader may have the file open just now; the next progress will do.
function Save-SpeTicketProgress($progress) {
    try {
        Write-SpeText (Join-Path -Path $SpeTicketDirectory -ChildPath 'progress.json') (ConvertTo-SpeJson $progress)
    } catch [System.IO.IOException] { }
}

function Assert-SpeTicketWanted {
    if (Test-SpeTicketFile $SpeTicketDirectory 'cancel') {
        Stop-SpeScript 'script.cancelled' 'The script was stopped because somebody asked for it.'
    }
}

function Save-SpeTicketEnd([string]$folder, [string]$state, $result, $failure) {
    $end = [ordered]@{ state = $state; timestamp = [datetime]::UtcNow.ToString('o'); result = $result; error = $failure }
    Write-SpeText (Join-Path -Path $folder -ChildPath 'result.json') (ConvertTo-SpeJson $end)
}

# The runner, in the task's own process. It runs its script at most once, whatever starts it how often.
function Invoke-SpeTicket([scriptblock]$body) {
    $folder = $SpeTicketDirectory
    $lock = Open-SpeLock (Join-Path -Path $folder -ChildPath 'runner.lock') 20
    if ($null -eq $lock) { return }
    try {
        if ((Test-SpeTicketFile $folder 'result.json') -or (Test-SpeTicketFile $folder 'state.json')) { return }
        Write-SpeText (Join-Path -Path $folder -ChildPath 'state.json') (ConvertTo-SpeJson ([ordered]@{
            state = 'running'; script = $SpeScriptName; processId = $PID; begun = [datetime]::UtcNow.ToString('o')
        }))
        Write-SpeLine ([ordered]@{ t = 'begin'; script = $SpeScriptName })
        try {
            Assert-SpeTicketWanted
            $null = & $body
            if (-not $SpeState.HasResult) { Stop-SpeScript 'script.no-result' 'The script ended without a result.' }
            Save-SpeTicketEnd $folder 'succeeded' $SpeState.Result $null
        } catch {
            $failure = Get-SpeError $_ $body
            $state = 'failed'
            if ($failure.code -eq 'script.cancelled') { $state = 'cancelled' }
            Save-SpeTicketEnd $folder $state $null $failure
        }
    } finally {
        $lock.Dispose()
    }
}

# The order of the questions matters: begun before running before ended, so that no moment in between looks like another.
# What was stored as JSON travels as text: reading and writing it once more could only change it.
function Get-SpeTicketStatus([string]$ticket, [long]$afterSequence) {
    $folder = Get-SpeTicketFolder $ticket
    $status = [ordered]@{ ticket = $ticket; state = 'unknown'; lastSequence = 0; log = @(); progress = $null; end = $null }
    if (-not (Test-SpeTicketFile $folder 'run.ps1')) { return $status }

    $begun = Test-SpeTicketFile $folder 'state.json'
    $runs = Test-SpeTicketRuns $folder
    if (Test-SpeTicketFile $folder 'result.json') {
        $status.state = 'ended'
        $status.end = Read-SpeText (Join-Path -Path $folder -ChildPath 'result.json')
    } elseif ($begun -and -not $runs) {
        $status.state = 'abandoned'
    } elseif ($begun -or $runs -or (Test-SpeTicketTaskRuns $ticket)) {
        $status.state = 'running'
    }

    $logFolder = Join-Path -Path $folder -ChildPath 'log'
    if (Test-Path -LiteralPath $logFolder) {
        $files = @(Get-ChildItem -LiteralPath $logFolder -Filter '*.json' -Force)
        $names = [string[]]@($files | ForEach-Object { $_.Name })
        [array]::Sort($names, [System.StringComparer]::Ordinal)
        foreach ($name in $names) {
            $sequence = [long]$name.Substring(0, $name.Length - 5)
            $status.lastSequence = $sequence
            if ($sequence -gt $afterSequence) { $status.log += Read-SpeText (Join-Path -Path $logFolder -ChildPath $name) }
        }
    }

    if (Test-SpeTicketFile $folder 'progress.json') {
        try {
            $status.progress = Read-SpeText (Join-Path -Path $folder -ChildPath 'progress.json')
        } catch [System.Management.Automation.ItemNotFoundException], [System.IO.IOException] { }
    }

    return $status
}
