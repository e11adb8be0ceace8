# No Test-NetConnection: its time limit cannot be set.
$seconds = [int](Get-SpeInput 'timeoutSeconds' 5)
$client = New-Object -TypeName System.Net.Sockets.TcpClient
try {
    $open = $client.ConnectAsync([string](Get-SpeInput 'hostName'), [int](Get-SpeInput 'port')).Wait($seconds * 1000)
} catch [System.AggregateException] {
    $open = $false
} finally {
    $client.Dispose()
}

Write-SpeResult ([ordered]@{ open = $open })
