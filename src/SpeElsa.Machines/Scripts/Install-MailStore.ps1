# The command line is the operator's: silent switches of the product's installer are not documented.
$installDirectory = [string](Get-SpeInput 'installDirectory')
$start = @{ FilePath = [string](Get-SpeInput 'commandLine'); Wait = $true; PassThru = $true }
$arguments = [string](Get-SpeInput 'arguments' '')
if ($arguments -ne '') { $start['ArgumentList'] = $arguments }
Write-SpeLog 'information' "Running the installer '$($start.FilePath)'"
$process = Start-Process @start

# 3010 and 1641: done, and Windows wants a restart.
if (@(0, 3010, 1641) -notcontains $process.ExitCode) {
    Stop-SpeScript 'install.failed' "The installer ended with exit code $($process.ExitCode)."
}

Write-SpeResult ([ordered]@{ exitCode = $process.ExitCode; productVersion = Get-SpeProductVersion $installDirectory })
