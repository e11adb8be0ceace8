$snapshots = @(Get-CimInstance -ClassName Win32_ShadowCopy | ForEach-Object {
    [ordered]@{ id = [string]$_.ID; volume = [string]$_.VolumeName; device = [string]$_.DeviceObject; created = ([datetime]$_.InstallDate).ToUniversalTime().ToString('o') }
})
Write-SpeResult ([ordered]@{ snapshots = $snapshots })
