# Network shares by credentials. A mapping of the machine is seen by a task as well, which one of this session would not be; it is not
# remembered over a restart, and the password is written nowhere.
function Get-SpeShareInput {
    $path = ([string](Get-SpeInput 'path')).TrimEnd('\')
    if ($path -notmatch '^\\\\[^\\*?]+\\[^\\*?]+$') { Stop-SpeScript 'script.invalid-input' "'$path' is not a share; write \\server\share." }
    return $path
}

function Test-SpeShare([string]$path) {
    return $null -ne (Get-SmbGlobalMapping -RemotePath $path -ErrorAction SilentlyContinue)
}
