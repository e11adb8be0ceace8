# Uses: _Snapshot
# Makes a snapshot of a drive. What was there before is written down first: a run that was killed in between finds its own snapshot again.
$drive = [string](Get-SpeInput 'drive')
if ($drive -notmatch '^[A-Za-z]:\\$') { Stop-SpeScript 'script.invalid-input' "'$drive' is not a drive; write C:\." }
$file = Get-SpeSnapshotFile
$before = @(Get-CimInstance -ClassName Win32_ShadowCopy | ForEach-Object { [string]$_.ID })
$id = $null
if (Test-Path -LiteralPath $file) {
    $note = ConvertFrom-Json -InputObject (Read-SpeText $file)
    if ([string]$note.id -ne '') {
        if ($null -ne (Get-SpeSnapshot $note.id)) { $id = [string]$note.id }
    } else {
        $new = @($before | ForEach-Object { if (@($note.before) -notcontains $_) { $_ } })
        if ($new.Count -eq 1) { $id = $new[0] }
    }
}

$changed = $null -eq $id
if ($changed) {
    Write-SpeText $file (ConvertTo-SpeJson ([ordered]@{ drive = $drive; id = ''; before = $before }))
    $made = Invoke-CimMethod -ClassName Win32_ShadowCopy -MethodName Create -Arguments @{ Volume = $drive; Context = 'ClientAccessible' }
    if ([int]$made.ReturnValue -ne 0) { Stop-SpeScript 'snapshot.failed' "Windows did not make a snapshot of $drive (code $($made.ReturnValue))." }
    $id = [string]$made.ShadowID
}

Write-SpeText $file (ConvertTo-SpeJson ([ordered]@{ drive = $drive; id = $id; before = @() }))
$snapshot = Get-SpeSnapshot $id
if ($null -eq $snapshot) { Stop-SpeScript 'snapshot.failed' "The snapshot $id of $drive is not there." }
Write-SpeResult ([ordered]@{ id = $id; device = [string]$snapshot.DeviceObject; changed = $changed })
