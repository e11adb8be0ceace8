# Uses: _Ticket
# Removes the task and the folder. The folder is renamed first, so that a half removed one is never taken for a ticket.
$ticket = [string](Get-SpeInput 'ticket')
$folder = Get-SpeTicketFolder $ticket
if (Test-SpeTicketRuns $folder) { Stop-SpeScript 'ticket.running' "The script of ticket '$ticket' still runs; cancel it first." }
if ($null -ne (Get-SpeTicketTask $ticket)) {
    Unregister-ScheduledTask -TaskName "SpeElsa-$ticket" -TaskPath '\SpeElsa\' -Confirm:$false
}

if (Test-Path -LiteralPath $folder) {
    $removed = '_' + [guid]::NewGuid().ToString('N')
    Rename-Item -LiteralPath $folder -NewName $removed
    Remove-Item -LiteralPath (Join-Path -Path (Split-Path -Path $folder -Parent) -ChildPath $removed) -Recurse -Force
}

Write-SpeResult ([ordered]@{ ticket = $ticket })
