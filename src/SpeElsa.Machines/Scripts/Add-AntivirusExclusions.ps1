# Uses: _Antivirus
$state = Get-SpeAntivirus
if (-not $state.available) { Stop-SpeScript 'antivirus.not-available' 'Windows Defender is not on this machine; another scanner has to be told by hand.' }
$missing = @(Get-SpeExclusionInput | ForEach-Object { if ($state.paths -notcontains $_) { $_ } })
foreach ($path in $missing) { Add-MpPreference -ExclusionPath $path }
$after = @((Get-SpeAntivirus).paths)
foreach ($path in $missing) {
    # A policy of the domain overrules the setting, without a word.
    if ($after -notcontains $path) { Stop-SpeScript 'antivirus.refused' "Windows Defender does not leave out '$path'; a policy may decide." }
}

Write-SpeResult ([ordered]@{ added = $missing; excluded = $after })
