# Snapshots (VSS) that we made, each under a key: a file says which one it is, so that making it twice is making it once.

function Get-SpeSnapshotFile {
    $key = [string](Get-SpeInput 'key')
    if ($key -notmatch '^[A-Za-z0-9][A-Za-z0-9._-]{0,98}$') { Stop-SpeScript 'script.invalid-input' "'$key' is not a key." }
    return Join-Path -Path (Initialize-SpeFolder 'Snapshots') -ChildPath "$key.json"
}

function Get-SpeSnapshot([string]$id) {
    foreach ($snapshot in @(Get-CimInstance -ClassName Win32_ShadowCopy)) { if ([string]$snapshot.ID -eq $id) { return $snapshot } }
    return $null
}
