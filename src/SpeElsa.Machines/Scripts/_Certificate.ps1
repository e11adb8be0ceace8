# Certificates, and the PFX files that they travel in: encrypted, in a folder of ours, for the moment of one command.

# The key as its provider shows it: the older ones tell of their container, the newer ones do not show in PrivateKey and have a Key.
function Get-SpePrivateKey($certificate) {
    if (-not $certificate.HasPrivateKey) { return $null }
    $key = $null
    try { $key = $certificate.PrivateKey } catch { $key = $null }
    if ($null -ne $key -and $null -ne $key.PSObject.Properties['CspKeyContainerInfo']) { return $key }

    $key = [System.Security.Cryptography.X509Certificates.RSACertificateExtensions]::GetRSAPrivateKey($certificate)
    if ($null -eq $key) {
        $key = [System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions]::GetECDsaPrivateKey($certificate)
    }

    if ($null -eq $key -or $null -eq $key.PSObject.Properties['Key']) { return $null }
    return $key
}

function Test-SpeExportable($certificate) {
    $key = Get-SpePrivateKey $certificate
    if ($null -eq $key) { return $false }
    if ($null -ne $key.PSObject.Properties['CspKeyContainerInfo']) { return [bool]$key.CspKeyContainerInfo.Exportable }

    # The policy's lowest bit is AllowExport.
    return ([int]$key.Key.ExportPolicy -band 1) -ne 0
}

# The file that Windows keeps the key in; its access rights are those of the key.
function Get-SpeKeyFile($certificate) {
    $key = Get-SpePrivateKey $certificate
    if ($null -eq $key) { return $null }
    $file = 'Microsoft\Crypto\Keys\'
    if ($null -ne $key.PSObject.Properties['CspKeyContainerInfo']) {
        $file = 'Microsoft\Crypto\RSA\MachineKeys\' + [string]$key.CspKeyContainerInfo.UniqueKeyContainerName
    } else {
        $file = $file + [string]$key.Key.UniqueName
    }

    return Join-Path -Path $env:ProgramData -ChildPath $file
}

# By the common name of the subject or by the friendly name: which of the two the product sets is not known for all.
function Test-SpeCertificateName($certificate, [string[]]$patterns) {
    $commonName = ''
    if ($certificate.Subject -match '(?:^|,\s*)CN=("(?:[^"]|"")*"|[^,]*)') { $commonName = $Matches[1].Trim('"') }
    foreach ($pattern in $patterns) {
        if ($commonName -like $pattern -or [string]$certificate.FriendlyName -like $pattern) { return $true }
    }

    return $false
}

function Get-SpeThumbprint([string]$text) {
    $thumbprint = $text.Replace(' ', '').ToUpperInvariant()
    if ($thumbprint -notmatch '^[0-9A-F]{40}$') { Stop-SpeScript 'script.invalid-input' "'$text' is not a thumbprint." }
    return $thumbprint
}

function Get-SpeStorePath([string]$store) {
    if ($store -notmatch '^[A-Za-z0-9]+$') { Stop-SpeScript 'script.invalid-input' "'$store' is not a store name." }
    return "Cert:\LocalMachine\$store"
}

function New-SpeTransferPath([string]$thumbprint) {
    $folder = Initialize-SpeFolder 'Transfer'
    return Join-Path -Path $folder -ChildPath ('{0}-{1}.pfx' -f $thumbprint, [guid]::NewGuid().ToString('N'))
}

# Overwrites in place, deletes, and looks whether it is gone.
function Remove-SpeTransferFile([string]$path) {
    if (Test-Path -LiteralPath $path) {
        $stream = [System.IO.File]::Open((Convert-Path -LiteralPath $path), 'Open', 'Write', 'None')
        try {
            $zeros = [byte[]]::new([int]$stream.Length)
            $stream.Write($zeros, 0, $zeros.Length)
            $stream.Flush($true)
        } finally {
            $stream.Dispose()
        }

        Remove-Item -LiteralPath $path -Force
    }

    if (Test-Path -LiteralPath $path) { Stop-SpeScript 'transfer.file-left' "The temporary file '$path' could not be removed." }
}
