# Uses: _Service
# The product's services are those whose executable is in its install directory. Which role one has, its name's stem says.
$root = ([string](Get-SpeInput 'installDirectory')).TrimEnd('\') + '\'
$stems = Get-SpeInput 'stems'
$services = @()
foreach ($service in @(Get-CimInstance -ClassName Win32_Service)) {
    $path = [System.Environment]::ExpandEnvironmentVariables([string]$service.PathName).Trim()
    if ($path -match '^"([^"]+)"') { $path = $Matches[1] } elseif ($path -match '^(.+?\.exe)(\s|$)') { $path = $Matches[1] }
    if (-not $path.StartsWith($root, [System.StringComparison]::OrdinalIgnoreCase)) { continue }

    $role = $null
    foreach ($stem in $stems.PSObject.Properties) {
        if (([string]$service.Name).StartsWith([string]$stem.Value, [System.StringComparison]::OrdinalIgnoreCase)) { $role = $stem.Name }
    }

    $services += [ordered]@{
        role = $role
        name = [string]$service.Name
        displayName = [string]$service.DisplayName
        path = $path
        state = [string]$service.State
        startMode = ConvertTo-SpeStartMode $service.StartMode
    }
}

Write-SpeResult ([ordered]@{ services = $services })
