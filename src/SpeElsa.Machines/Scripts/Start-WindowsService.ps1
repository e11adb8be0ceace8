# Uses: _Service
$seconds = [int](Get-SpeInput 'timeoutSeconds' 120)
$service = Get-SpeService ([string](Get-SpeInput 'name'))
$changed = [string]$service.Status -ne 'Running'
if ($changed) {
    if ([string]$service.StartType -eq 'Disabled') { Stop-SpeScript 'service.disabled' "The service '$($service.Name)' is disabled." }
    if ([string]$service.Status -eq 'StopPending') { Wait-SpeService $service 'Stopped' $seconds }
    if ([string]$service.Status -ne 'StartPending') { $service.Start() }
    Wait-SpeService $service 'Running' $seconds
    $service.Refresh()
}

Write-SpeResult ([ordered]@{ name = $service.Name; state = [string]$service.Status; changed = $changed })
