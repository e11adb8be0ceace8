# What Windows Defender leaves out. Another scanner does not say what it leaves out.
function Get-SpeAntivirus {
    try {
        $status = Get-MpComputerStatus
        $preference = Get-MpPreference
    } catch {
        return [ordered]@{ available = $false; realTime = $false; paths = @() }
    }

    $paths = @($preference.ExclusionPath | ForEach-Object { if ([string]$_ -ne '') { ([string]$_).TrimEnd('\') } })
    return [ordered]@{ available = $true; realTime = [bool]$status.RealTimeProtectionEnabled; paths = $paths }
}

function Get-SpeExclusionInput {
    foreach ($path in @(Get-SpeInput 'paths')) {
        $text = ([string]$path).TrimEnd('\')
        if ($text -notmatch '^[A-Za-z]:\\[^*?]+$') { Stop-SpeScript 'script.invalid-input' "'$path' is not a folder that may be left out." }
        $text
    }
}
