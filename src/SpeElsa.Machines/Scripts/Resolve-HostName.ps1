# What DNS says about a name, and for how long others may remember it. Without a server the machine's own resolver answers, which may
# itself remember: its time to live then is what is left of it.
$name = [string](Get-SpeInput 'name')
if ($name -notmatch '^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$') { Stop-SpeScript 'script.invalid-input' "'$name' is not a host name." }
$query = @{ Name = $name; DnsOnly = $true; NoHostsFile = $true; ErrorAction = 'SilentlyContinue' }
$server = [string](Get-SpeInput 'server' '')
if ($server -ne '') { $query['Server'] = $server }

$records = @()
foreach ($type in @('A', 'AAAA')) {
    foreach ($record in @(Resolve-DnsName @query -Type $type)) {
        $kind = [string]$record.Type
        if (@('A', 'AAAA', 'CNAME') -notcontains $kind) { continue }
        $value = $null
        if ($kind -eq 'CNAME') { $value = [string]$record.NameHost } else { $value = [string]$record.IPAddress }
        $known = @($records | ForEach-Object { if ($_.name -eq [string]$record.Name -and $_.value -eq $value) { $_ } })
        if ($known.Count -eq 0) {
            $records += [ordered]@{ name = [string]$record.Name; type = $kind; value = $value; timeToLiveSeconds = [long]$record.TTL }
        }
    }
}

# A change is seen everywhere when the slowest record has run out.
$longest = $null
foreach ($record in $records) { if ($null -eq $longest -or $record.timeToLiveSeconds -gt $longest) { $longest = $record.timeToLiveSeconds } }
Write-SpeResult ([ordered]@{
    name = $name
    exists = $records.Count -gt 0
    addresses = @($records | ForEach-Object { if ($_.type -ne 'CNAME') { $_.value } })
    timeToLiveSeconds = $longest
    records = $records
})
