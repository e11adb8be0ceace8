# Uses: _Ticket
# Prepares the ticket's folder, registers and starts its task, and waits until the script has begun. Harmless when it has begun before.
$ticket = [string](Get-SpeInput 'ticket')
$folder = Get-SpeTicketFolder $ticket
$seconds = [int](Get-SpeInput 'beginSeconds' 60)
Initialize-SpeFolder 'Tickets' | Out-Null
if (-not (Test-Path -LiteralPath $folder)) { New-Item -Path $folder -ItemType Directory -Force | Out-Null }

$starter = Open-SpeLock (Join-Path -Path $folder -ChildPath 'starter.lock') ($seconds + 30)
if ($null -eq $starter) { Stop-SpeScript 'ticket.not-begun' "Another start of ticket '$ticket' does not come to an end." }
try {
    if (-not (Test-SpeTicketFile $folder 'state.json') -and -not (Test-SpeTicketFile $folder 'result.json')) {
        if (-not (Test-SpeTicketFile $folder 'run.ps1')) {
            Write-SpeText (Join-Path -Path $folder -ChildPath 'input.json') ([string](Get-SpeInput 'input'))
            $header = "`$SpeTicketDirectory = '" + $folder.Replace("'", "''") + "'`n"
            Write-SpeText (Join-Path -Path $folder -ChildPath 'run.ps1') ($header + [string](Get-SpeInput 'text'))
        }

        if ($null -eq (Get-SpeTicketTask $ticket)) {
            $file = Join-Path -Path $folder -ChildPath 'run.ps1'
            $line = "-NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -File `"$file`""
            $action = New-ScheduledTaskAction -Execute 'powershell.exe' -Argument $line
            $principal = New-ScheduledTaskPrincipal -UserId 'NT AUTHORITY\SYSTEM' -LogonType ServiceAccount -RunLevel Highest
            $limits = @{ ExecutionTimeLimit = [timespan]::Zero; MultipleInstances = 'IgnoreNew' }
            $settings = New-ScheduledTaskSettingsSet -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries @limits
            $task = @{ TaskName = "SpeElsa-$ticket"; TaskPath = '\SpeElsa\' }
            Register-ScheduledTask @task -Action $action -Principal $principal -Settings $settings -Force | Out-Null
        }

        Start-ScheduledTask -TaskName "SpeElsa-$ticket" -TaskPath '\SpeElsa\'
        $clock = [System.Diagnostics.Stopwatch]::StartNew()
        while (-not (Test-SpeTicketFile $folder 'state.json') -and -not (Test-SpeTicketFile $folder 'result.json')) {
            if ($clock.Elapsed.TotalSeconds -ge $seconds) {
                Stop-SpeScript 'ticket.not-begun' "The task of ticket '$ticket' was started; its script has not begun after $seconds s."
            }

            Start-Sleep -Milliseconds 25
        }
    }
} finally {
    $starter.Dispose()
}

Write-SpeResult (Get-SpeTicketStatus $ticket 0)
