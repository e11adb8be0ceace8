# Uses: _Service
$mode = [string](Get-SpeInput 'startMode')
if (@('Automatic', 'Manual', 'Disabled') -notcontains $mode) { Stop-SpeScript 'script.invalid-input' "'$mode' is not a start mode." }

$service = Get-SpeService ([string](Get-SpeInput 'name'))
$changed = [string]$service.StartType -ne $mode
if ($changed) {
    Set-Service -Name $service.Name -StartupType $mode
    $service = Get-SpeService $service.Name
}

Write-SpeResult ([ordered]@{ name = $service.Name; startMode = [string]$service.StartType; changed = $changed })
