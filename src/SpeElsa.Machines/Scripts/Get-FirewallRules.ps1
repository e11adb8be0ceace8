# Uses: _Firewall
# Which inbound rules let the given ports in. A rule may be bound to a program or an address; it is named, so that a person can look.
$rules = @(Get-SpeAllowedPorts)
$profiles = @(Get-NetFirewallProfile | ForEach-Object { [ordered]@{ name = [string]$_.Name; enabled = [string]$_.Enabled -eq 'True' } })
$ports = @(Get-SpeInput 'ports' | ForEach-Object {
    $port = Get-SpePort $_
    $allowedBy = @($rules | ForEach-Object { if (Test-SpePortRange $_.ports $port) { $_.name } })
    [ordered]@{ port = $port; allowed = $allowedBy.Count -gt 0; allowedBy = $allowedBy }
})

Write-SpeResult ([ordered]@{ profiles = $profiles; ports = $ports })
