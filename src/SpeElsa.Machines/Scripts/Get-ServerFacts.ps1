$installDirectory = [string](Get-SpeInput 'installDirectory')
$system = Get-CimInstance -ClassName Win32_ComputerSystem
$windows = Get-CimInstance -ClassName Win32_OperatingSystem
$fqdn = [string]$system.DNSHostName
if ($system.PartOfDomain) { $fqdn = $fqdn + '.' + $system.Domain }

$drives = @(Get-CimInstance -ClassName Win32_LogicalDisk -Filter 'DriveType=3' | ForEach-Object {
    [ordered]@{ root = $_.DeviceID + '\'; freeBytes = [long]$_.FreeSpace; sizeBytes = [long]$_.Size }
})

Write-SpeResult ([ordered]@{
    computerName = $env:COMPUTERNAME
    fqdn = $fqdn
    osVersion = $windows.Caption + ' ' + $windows.Version
    installDirectoryExists = Test-Path -LiteralPath $installDirectory
    productVersion = Get-SpeProductVersion $installDirectory
    utcNow = (Get-Date).ToUniversalTime().ToString('o')
    powerShellVersion = [string]$PSVersionTable.PSVersion
    drives = $drives
})
