# Uses: _Share
$path = Get-SpeShareInput
$changed = Test-SpeShare $path
if ($changed) { Remove-SmbGlobalMapping -RemotePath $path -Force }
Write-SpeResult ([ordered]@{ path = $path; changed = $changed })
