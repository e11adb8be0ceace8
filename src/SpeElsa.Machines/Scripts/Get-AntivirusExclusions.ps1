# Uses: _Antivirus
# Whether a scanner reads the archives: it slows them down and holds their files open.
$state = Get-SpeAntivirus
$missing = @(Get-SpeExclusionInput | ForEach-Object { if ($state.paths -notcontains $_) { $_ } })
Write-SpeResult ([ordered]@{ available = $state.available; realTime = $state.realTime; excluded = $state.paths; missing = $missing })
