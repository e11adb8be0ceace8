# Uses: _Snapshot
# Removes the snapshot that was made under a key, and no other.
$file = Get-SpeSnapshotFile
$removed = $null
if (Test-Path -LiteralPath $file) {
    $id = [string](ConvertFrom-Json -InputObject (Read-SpeText $file)).id
    $snapshot = $null
    if ($id -ne '') { $snapshot = Get-SpeSnapshot $id }
    if ($null -ne $snapshot) {
        Remove-CimInstance -InputObject $snapshot
        if ($null -ne (Get-SpeSnapshot $id)) { Stop-SpeScript 'snapshot.failed' "The snapshot $id is still there." }
        $removed = $id
    }

    Remove-Item -LiteralPath $file -Force
}

Write-SpeResult ([ordered]@{ removed = $removed })
