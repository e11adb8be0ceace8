# Uses: _Registry
# The runtimes that the product needs: .NET Framework by its release number, Visual C++ 2015 to 2022 by its version.
$framework = 'HKLM:\SOFTWARE\Microsoft\NET Framework Setup\NDP\v4\Full'
$visualC = [ordered]@{}
foreach ($platform in @('x64', 'x86')) {
    $key = "HKLM:\SOFTWARE\Microsoft\VisualStudio\14.0\VC\Runtimes\$platform"
    # The 32-bit one writes into the 32-bit half of the registry.
    if (-not (Test-Path -LiteralPath $key)) { $key = "HKLM:\SOFTWARE\WOW6432Node\Microsoft\VisualStudio\14.0\VC\Runtimes\$platform" }
    $version = $null
    if ([int](Get-SpeRegistryValue $key 'Installed' 0) -eq 1) { $version = ([string](Get-SpeRegistryValue $key 'Version' '')).TrimStart('v') }
    $visualC[$platform] = $version
}

Write-SpeResult ([ordered]@{
    dotNetRelease = [int](Get-SpeRegistryValue $framework 'Release' 0)
    dotNetVersion = Get-SpeRegistryValue $framework 'Version' $null
    visualC = $visualC
    powerShellVersion = [string]$PSVersionTable.PSVersion
})
