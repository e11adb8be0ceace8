# Uses: _Registry
# Whether Windows waits for a restart, and why. An installer that meets one may fail half way.
$reasons = @()
$component = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion'
if (Test-Path -LiteralPath "$component\Component Based Servicing\RebootPending") { $reasons += 'component-servicing' }
if (Test-Path -LiteralPath "$component\WindowsUpdate\Auto Update\RebootRequired") { $reasons += 'windows-update' }

$renames = @(Get-SpeRegistryValue 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager' 'PendingFileRenameOperations' @())
if (@($renames | ForEach-Object { if ([string]$_ -ne '') { $_ } }).Count -gt 0) { $reasons += 'file-renames' }

$names = 'HKLM:\SYSTEM\CurrentControlSet\Control\ComputerName'
$active = [string](Get-SpeRegistryValue "$names\ActiveComputerName" 'ComputerName' '')
$next = [string](Get-SpeRegistryValue "$names\ComputerName" 'ComputerName' $active)
if ($active -ne $next) { $reasons += 'computer-name' }

Write-SpeResult ([ordered]@{ pending = $reasons.Count -gt 0; reasons = $reasons })
