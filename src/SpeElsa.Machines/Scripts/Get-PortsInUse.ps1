# Which of the given ports something listens on, and what. http.sys listens as the system, for whoever has asked it to.
$listeners = @(Get-NetTCPConnection -State Listen -ErrorAction SilentlyContinue)
$ports = @(Get-SpeInput 'ports' | ForEach-Object {
    $port = [int]$_
    $owners = @()
    foreach ($listener in $listeners) {
        if ([int]$listener.LocalPort -ne $port) { continue }
        $process = Get-Process -Id $listener.OwningProcess -ErrorAction SilentlyContinue
        $name = $null
        if ($null -ne $process) { $name = [string]$process.ProcessName }
        $owners += [ordered]@{ address = [string]$listener.LocalAddress; processId = [int]$listener.OwningProcess; process = $name }
    }

    [ordered]@{ port = $port; inUse = $owners.Count -gt 0; owners = $owners }
})

Write-SpeResult ([ordered]@{ ports = $ports })
