# Windows services by their exact name.

function Get-SpeService([string]$name) {
    if ($name -match '[*?\[\]]') { Stop-SpeScript 'script.invalid-input' "'$name' is not a service name." }
    $service = Get-Service -Name $name -ErrorAction SilentlyContinue
    if ($null -eq $service) { Stop-SpeScript 'service.not-found' "There is no service '$name'." }
    return $service
}

function Wait-SpeService($service, [string]$state, [int]$seconds) {
    try {
        $service.WaitForStatus($state, [timespan]::FromSeconds($seconds))
    } catch {
        $service.Refresh()
        Stop-SpeScript 'service.timeout' "The service '$($service.Name)' is $($service.Status), not $state, after $seconds seconds."
    }
}

# Stops one service. True when it ran.
function Stop-SpeService($service, [int]$seconds) {
    if ([string]$service.Status -eq 'Stopped') { return $false }
    # One that starts just now refuses to be stopped.
    if ([string]$service.Status -eq 'StartPending') { Wait-SpeService $service 'Running' $seconds }
    if ([string]$service.Status -ne 'StopPending') { $service.Stop() }
    Wait-SpeService $service 'Stopped' $seconds
    return $true
}

# Starts one service. True when it did not run.
function Start-SpeService($service, [int]$seconds) {
    if ([string]$service.Status -eq 'Running') { return $false }
    if ([string]$service.StartType -eq 'Disabled') { Stop-SpeScript 'service.disabled' "The service '$($service.Name)' is disabled." }
    if ([string]$service.Status -eq 'StopPending') { Wait-SpeService $service 'Stopped' $seconds }
    if ([string]$service.Status -ne 'StartPending') { $service.Start() }
    Wait-SpeService $service 'Running' $seconds
    return $true
}

# The names of what stands between a service and its end: those that depend on it, the furthest first. Windows would stop them too, but
# tells nobody and does not wait.
function Get-SpeDependents($service) {
    $names = @()
    foreach ($other in @($service.DependentServices)) {
        foreach ($name in @(Get-SpeDependents (Get-SpeService $other.Name)) + @([string]$other.Name)) {
            if ($names -notcontains $name) { $names += $name }
        }
    }

    return $names
}

# The names of what a service needs before it can start, the furthest first.
function Get-SpeDependencies($service) {
    $names = @()
    foreach ($other in @($service.ServicesDependedOn)) {
        foreach ($name in @(Get-SpeDependencies (Get-SpeService $other.Name)) + @([string]$other.Name)) {
            if ($names -notcontains $name) { $names += $name }
        }
    }

    return $names
}

# Win32_Service says Auto where everything else says Automatic.
function ConvertTo-SpeStartMode([string]$mode) {
    if ($mode -eq 'Auto') { return 'Automatic' }
    return $mode
}
