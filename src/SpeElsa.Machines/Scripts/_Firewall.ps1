# The inbound rules of the Windows firewall that let a TCP port in.

function Get-SpePort($value) {
    $port = 0
    if (-not [int]::TryParse([string]$value, [ref]$port) -or $port -lt 1 -or $port -gt 65535) {
        Stop-SpeScript 'script.invalid-input' "'$value' is not a TCP port."
    }

    return $port
}

function Test-SpePortRange([string[]]$ranges, [int]$port) {
    foreach ($range in $ranges) {
        if ($range -eq 'Any' -or $range -eq [string]$port) { return $true }
        if ($range -match '^(\d+)-(\d+)$' -and $port -ge [int]$Matches[1] -and $port -le [int]$Matches[2]) { return $true }
    }

    return $false
}

# Filters are read at once and joined here: asking for the filter of each rule takes a minute on a server with its many rules.
function Get-SpeAllowedPorts {
    $filters = @{}
    foreach ($filter in @(Get-NetFirewallPortFilter)) { $filters[[string]$filter.InstanceID] = $filter }
    $rules = @()
    foreach ($rule in @(Get-NetFirewallRule -Direction Inbound -Action Allow -Enabled True -ErrorAction SilentlyContinue)) {
        $filter = $filters[[string]$rule.InstanceID]
        if ($null -eq $filter -or @('TCP', 'Any', '6') -notcontains [string]$filter.Protocol) { continue }
        $rules += [ordered]@{ name = [string]$rule.Name; displayName = [string]$rule.DisplayName; ports = @($filter.LocalPort | ForEach-Object { [string]$_ }) }
    }

    return $rules
}
