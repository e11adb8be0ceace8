# Uses: _Service
# What depends on the service is stopped before it, one after the other.
$seconds = [int](Get-SpeInput 'timeoutSeconds' 120)
$service = Get-SpeService ([string](Get-SpeInput 'name'))
$alsoStopped = @()
$changed = [string]$service.Status -ne 'Stopped'
if ($changed) {
    foreach ($name in @(Get-SpeDependents $service)) {
        if (Stop-SpeService (Get-SpeService $name) $seconds) { $alsoStopped += $name }
    }

    $null = Stop-SpeService $service $seconds
    $service.Refresh()
}

Write-SpeResult ([ordered]@{ name = $service.Name; state = [string]$service.Status; changed = $changed; alsoStopped = $alsoStopped })
