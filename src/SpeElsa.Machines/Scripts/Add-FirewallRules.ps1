# Uses: _Firewall
# Lets ports in that no rule lets in yet. The rules are named by us, so that Remove-FirewallRules finds them and no others.
$added = @()
$alreadyOpen = @()
foreach ($value in @(Get-SpeInput 'ports')) {
    $port = Get-SpePort $value
    if (@(Get-SpeAllowedPorts | ForEach-Object { if (Test-SpePortRange $_.ports $port) { $_.name } }).Count -gt 0) {
        $alreadyOpen += $port
        continue
    }

    $rule = @{ Name = "SpeElsa-TCP-$port"; DisplayName = "MailStore SPE TCP $port (SpeElsa)"; Direction = 'Inbound'; Action = 'Allow' }
    New-NetFirewallRule @rule -Protocol TCP -LocalPort $port | Out-Null
    $added += $port
}

Write-SpeResult ([ordered]@{ added = $added; alreadyOpen = $alreadyOpen })
