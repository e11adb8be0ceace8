# Uses: _Antivirus
$state = Get-SpeAntivirus
$present = @(Get-SpeExclusionInput | ForEach-Object { if ($state.paths -contains $_) { $_ } })
foreach ($path in $present) { Remove-MpPreference -ExclusionPath $path }
Write-SpeResult ([ordered]@{ removed = $present })
