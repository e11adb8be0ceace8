# Uses: _Service
# What the service depends on is started before it, one after the other.
$seconds = [int](Get-SpeInput 'timeoutSeconds' 120)
$service = Get-SpeService ([string](Get-SpeInput 'name'))
$alsoStarted = @()
$changed = [string]$service.Status -ne 'Running'
if ($changed) {
    if ([string]$service.StartType -eq 'Disabled') { Stop-SpeScript 'service.disabled' "The service '$($service.Name)' is disabled." }
    foreach ($name in @(Get-SpeDependencies $service)) {
        if (Start-SpeService (Get-SpeService $name) $seconds) { $alsoStarted += $name }
    }

    $null = Start-SpeService $service $seconds
    $service.Refresh()
}

Write-SpeResult ([ordered]@{ name = $service.Name; state = [string]$service.Status; changed = $changed; alsoStarted = $alsoStarted })
