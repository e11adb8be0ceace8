$facts = @()
foreach ($path in @(Get-SpeInput 'paths')) {
    $fact = [ordered]@{ path = [string]$path; exists = $false; isDirectory = $false; length = $null; isJunction = $false }
    if (Test-Path -LiteralPath $path) {
        $item = Get-Item -LiteralPath $path -Force
        $fact.exists = $true
        $fact.isDirectory = [bool]$item.PSIsContainer
        $fact.isJunction = $fact.isDirectory -and (([int]$item.Attributes -band [int][System.IO.FileAttributes]::ReparsePoint) -ne 0)
        if (-not $fact.isDirectory) { $fact.length = [long]$item.Length }
    }

    $facts += $fact
}

Write-SpeResult ([ordered]@{ paths = $facts })
