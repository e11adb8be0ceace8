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

# Win32_Service says Auto where everything else says Automatic.
function ConvertTo-SpeStartMode([string]$mode) {
    if ($mode -eq 'Auto') { return 'Automatic' }
    return $mode
}
