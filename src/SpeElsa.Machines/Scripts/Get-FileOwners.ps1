# Uses: _RestartManager
# Which programs of this machine have files open, and who has them open over the network.
Add-Type -TypeDefinition $SpeRestartManager
$manager = New-Object -TypeName SpeElsa.RestartManager
$shared = @(Get-SmbOpenFile -ErrorAction SilentlyContinue)
$files = @()
foreach ($path in @(Get-SpeInput 'paths')) {
    $owners = @($manager.Find([string]$path) | ForEach-Object {
        [ordered]@{ processId = [int]$_.ProcessId; name = [string]$_.Name; service = [string]$_.Service; client = $null }
    })
    foreach ($open in $shared) {
        if ([string]$open.Path -eq [string]$path) {
            $owners += [ordered]@{ processId = $null; name = [string]$open.ClientUserName; service = ''; client = [string]$open.ClientComputerName }
        }
    }

    $files += [ordered]@{ path = [string]$path; owners = $owners }
}

Write-SpeResult ([ordered]@{ files = $files })
