# Certificates, and the PFX files that they travel in: encrypted, in a folder of ours, for the moment of one command.

function Test-SpeExportable($certificate) {
    if (-not $certificate.HasPrivateKey) { return $false }
    $key = $null
    try { $key = $certificate.PrivateKey } catch { $key = $null }
    if ($null -ne $key -and $null -ne $key.PSObject.Properties['CspKeyContainerInfo']) { return [bool]$key.CspKeyContainerInfo.Exportable }

    # Keys of the newer providers do not show in PrivateKey. The policy's lowest bit is AllowExport.
    $key = [System.Security.Cryptography.X509Certificates.RSACertificateExtensions]::GetRSAPrivateKey($certificate)
    if ($null -eq $key) {
        $key = [System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions]::GetECDsaPrivateKey($certificate)
    }

    if ($null -eq $key -or $null -eq $key.PSObject.Properties['Key']) { return $false }
    return ([int]$key.Key.ExportPolicy -band 1) -ne 0
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
