Set-StrictMode -Version Latest

# HttpClient behaves alike in Windows PowerShell 5.1 and in PowerShell 7; Invoke-RestMethod does not, where a reply is an error.
Add-Type -AssemblyName System.Net.Http
if ([System.Net.ServicePointManager]::SecurityProtocol -ne 0) {
    # Windows PowerShell on older systems offers no TLS 1.2 by itself.
    [System.Net.ServicePointManager]::SecurityProtocol = [System.Net.ServicePointManager]::SecurityProtocol -bor [System.Net.SecurityProtocolType]::Tls12
}

# A redirect would carry the key, or the token, elsewhere.
$handler = New-Object System.Net.Http.HttpClientHandler -Property @{ AllowAutoRedirect = $false }
$script:Client = New-Object System.Net.Http.HttpClient $handler
$script:Client.Timeout = [TimeSpan]::FromSeconds(240)

# A managed identity is at an address of this machine.
$handler = New-Object System.Net.Http.HttpClientHandler -Property @{ AllowAutoRedirect = $false; UseProxy = $false }
$script:IdentityClient = New-Object System.Net.Http.HttpClient $handler
$script:IdentityClient.Timeout = [TimeSpan]::FromSeconds(10)

# What Connect-BackupTokens has found out.
$script:App = $null

foreach ($name in 'Send-Request', 'New-ProblemRecord', 'Get-EntraToken', 'Invoke-App', 'Connect-BackupTokens', 'Disconnect-BackupTokens', 'Get-BackupConnection', 'Get-BackupToken', 'Invoke-BackupApi') {
    . (Join-Path $PSScriptRoot "$name.ps1")
}
