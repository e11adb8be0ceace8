# Uses: _Firewall
# Takes back the rules that Add-FirewallRules made for these ports, and no others.
$removed = @()
foreach ($value in @(Get-SpeInput 'ports')) {
    $port = Get-SpePort $value
    $name = "SpeElsa-TCP-$port"
    if ($null -ne (Get-NetFirewallRule -Name $name -ErrorAction SilentlyContinue)) {
        Remove-NetFirewallRule -Name $name
        $removed += $port
    }
}

Write-SpeResult ([ordered]@{ removed = $removed })
