# Uses: _Ticket
# Asks the script to stop; if it does not within the grace time, ends its task. A ticket that ended, or was abandoned, stays what it is.
$ticket = [string](Get-SpeInput 'ticket')
$graceSeconds = [int](Get-SpeInput 'graceSeconds' 10)
$folder = Get-SpeTicketFolder $ticket
if ((Test-SpeTicketFile $folder 'run.ps1') -and -not (Test-SpeTicketFile $folder 'result.json')) {
    $begun = Test-SpeTicketFile $folder 'state.json'
    if (-not $begun -or (Test-SpeTicketRuns $folder)) {
        New-Item -Path (Join-Path -Path $folder -ChildPath 'cancel') -ItemType File -Force | Out-Null
        $clock = [System.Diagnostics.Stopwatch]::StartNew()
        while ((Test-SpeTicketRuns $folder) -and $clock.Elapsed.TotalSeconds -lt $graceSeconds) { Start-Sleep -Milliseconds 50 }

        if ($null -ne (Get-SpeTicketTask $ticket)) { Stop-ScheduledTask -TaskName "SpeElsa-$ticket" -TaskPath '\SpeElsa\' }
        $lock = Open-SpeLock (Join-Path -Path $folder -ChildPath 'runner.lock') 30
        if ($null -eq $lock) { Stop-SpeScript 'ticket.running' "The script of ticket '$ticket' does not stop." }
        try {
            if (-not (Test-SpeTicketFile $folder 'result.json')) { Save-SpeTicketEnd $folder 'cancelled' $null $null }
        } finally {
            $lock.Dispose()
        }
    }
}

Write-SpeResult (Get-SpeTicketStatus $ticket 0)
