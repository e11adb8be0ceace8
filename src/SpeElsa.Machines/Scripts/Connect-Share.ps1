# Uses: _Share
# The input is a secret.
$path = Get-SpeShareInput
$changed = -not (Test-SpeShare $path)
if ($changed) {
    $password = ConvertTo-SecureString -String ([string](Get-SpeInput 'password')) -AsPlainText -Force
    $credential = [System.Management.Automation.PSCredential]::new([string](Get-SpeInput 'userName'), $password)
    try {
        New-SmbGlobalMapping -RemotePath $path -Credential $credential -Persistent $false | Out-Null
    } catch [System.Management.Automation.CommandNotFoundException] {
        Stop-SpeScript 'share.not-supported' 'This Windows cannot share a connection with tasks; let the computer account of the machine read the share.'
    } catch {
        Stop-SpeScript 'share.refused' "'$path' does not let the account in: $($_.Exception.Message)"
    }
}

Write-SpeResult ([ordered]@{ path = $path; changed = $changed })
