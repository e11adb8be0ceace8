# One value of the registry, or the default where key or value is not there.
function Get-SpeRegistryValue([string]$key, [string]$name, $default) {
    if (-not (Test-Path -LiteralPath $key)) { return $default }
    $property = (Get-ItemProperty -LiteralPath $key).PSObject.Properties[$name]
    if ($null -eq $property -or $null -eq $property.Value) { return $default }
    return $property.Value
}
