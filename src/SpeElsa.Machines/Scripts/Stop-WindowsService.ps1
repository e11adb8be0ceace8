# Uses: _Service
$seconds = [int](Get-SpeInput 'timeoutSeconds' 120)
$service = Get-SpeService ([string](Get-SpeInput 'name'))
$changed = [string]$service.Status -ne 'Stopped'
if ($changed) {
    # One that starts just now refuses to be stopped.
    if ([string]$service.Status -eq 'StartPending') { Wait-SpeService $service 'Running' $seconds }
    if ([string]$service.Status -ne 'StopPending') { $service.Stop() }
    Wait-SpeService $service 'Stopped' $seconds
    $service.Refresh()
}

Write-SpeResult ([ordered]@{ name = $service.Name; state = [string]$service.Status; changed = $changed })
