# Runs a script that the author of a workflow wrote. It finds its input as $InputObject; what it puts out is the result, what it says is logged.
# Its text is part of the input: so it may hold any character, and the machine's code page does not matter.
$OwnState = @{ Lines = 0; Quiet = [bool](Get-SpeInput 'quiet' $false) }
$OwnLineLimit = 200
$OwnValueLimit = 200

# Objects of Windows are large and refer to one another, so only plain data is taken as it is.
function ConvertTo-OwnValue($value, [int]$depth) {
    if ($null -eq $value -or $value -is [bool] -or $value -is [int] -or $value -is [long] -or $value -is [double] -or $value -is [decimal]) { return $value }
    if ($value -is [datetime]) { return $value.ToUniversalTime().ToString('o') }
    if ($depth -ge 10 -or $value -is [string] -or $value -is [System.Enum]) { return $value.ToString() }
    $plain = [ordered]@{}
    if ($value -is [System.Collections.IDictionary]) {
        foreach ($key in @($value.Keys)) { $plain[[string]$key] = ConvertTo-OwnValue $value[$key] ($depth + 1) }
        return $plain
    }

    if ($value -is [System.Management.Automation.PSCustomObject]) {
        foreach ($property in $value.PSObject.Properties) { $plain[$property.Name] = ConvertTo-OwnValue $property.Value ($depth + 1) }
        return $plain
    }

    if ($value -is [System.Collections.IEnumerable]) {
        $list = [System.Collections.ArrayList]::new()
        foreach ($item in $value) { [void]$list.Add((ConvertTo-OwnValue $item ($depth + 1))) }
        # Not an array: 5.1 writes one that a function has returned as an object with a count.
        return , $list
    }

    if ($value -is [System.ValueType]) { return $value.ToString() }
    return [string]$value
}

# Lines are for whoever follows a ticket. The last ones count most, so progress goes on when the log is full.
function Write-OwnLine([string]$level, [string]$line) {
    if ($OwnState.Quiet) { return }
    $OwnState.Lines++
    if ($OwnState.Lines -lt $OwnLineLimit) { Write-SpeLog $level $line }
    if ($OwnState.Lines -eq $OwnLineLimit) { Write-SpeLog 'warning' 'It says more than is kept; further lines are shown as progress only.' }
    Write-SpeProgress 0 0 0 0 $line
}

function Stop-OwnScript([string]$code, [string]$message, $line, $position) {
    $failure = [System.InvalidOperationException]::new($message)
    $failure.Data['SpeCode'] = $code
    $failure.Data['SpeLine'] = $line
    $failure.Data['SpePosition'] = $position
    throw $failure
}

$InputObject = Get-SpeInput 'input' ([pscustomobject]@{})
$UndoneResult = Get-SpeInput 'undone' $null
$tokens = $null
$faults = $null
$tree = [System.Management.Automation.Language.Parser]::ParseInput([string](Get-SpeInput 'script'), [ref]$tokens, [ref]$faults)
foreach ($fault in @($faults)) {
    $line = $fault.Extent.StartLineNumber
    Stop-OwnScript 'script.invalid-input' "The script can not be read, so nothing of it has run. Line $($line): $($fault.Message)" $line $fault.Extent.Text
}

# It would end the process before the result is kept, and nobody would know what came of it.
foreach ($leave in @($tree.FindAll({ param($node) $node -is [System.Management.Automation.Language.ExitStatementAst] }, $true))) {
    $line = $leave.Extent.StartLineNumber
    Stop-OwnScript 'script.invalid-input' "Line $line has '$($leave.Extent.Text)', so nothing of the script has run. Use return, or throw to fail." $line $leave.Extent.Text
}

$values = [System.Collections.ArrayList]::new()
try {
    & { Set-StrictMode -Off; & $tree.GetScriptBlock() } 3>&1 6>&1 | ForEach-Object {
        if ($_ -is [System.Management.Automation.WarningRecord]) {
            Write-OwnLine 'warning' $_.Message
        } elseif ($_ -is [System.Management.Automation.InformationRecord]) {
            Write-OwnLine 'information' ([string]$_.MessageData)
        } else {
            if ($values.Count -ge $OwnValueLimit) { $values.RemoveAt(0) }
            [void]$values.Add($_)
        }
    }
} catch {
    if ($_.Exception.Data.Contains('SpeCode')) { throw }
    $cause = $_.Exception
    if ($cause -is [System.Management.Automation.MethodInvocationException] -and $null -ne $cause.InnerException) { $cause = $cause.InnerException }
    $place = $_.InvocationInfo
    if ($null -eq $place -or -not [string]::IsNullOrEmpty($place.ScriptName)) { Stop-OwnScript 'script.failed' $cause.Message $null $null }
    Stop-OwnScript 'script.failed' "Line $($place.ScriptLineNumber): $($cause.Message)" $place.ScriptLineNumber ([string]$place.Line).Trim()
}

$value = $null
if ($values.Count -eq 1) { $value = ConvertTo-OwnValue $values[0] 0 }
if ($values.Count -gt 1) { $value = ConvertTo-OwnValue $values 0 }
Write-SpeResult ([ordered]@{ value = $value })
