# A token of Entra ID for the app, as a SecureString: from whoever is signed in to Azure PowerShell, or from a managed identity. It is kept no
# longer than it lives.
function Get-EntraToken {
    param($App)

    if (-not $App.Token -or [datetimeoffset]::UtcNow.AddMinutes(5) -ge $App.ExpiresAt) {
        $got = if ($App.SignIn -eq 'ManagedIdentity') { Get-IdentityToken $App.Audience $App.ClientId } else { Get-AzToken $App.Audience }
        $App.Token = $got.Token
        $App.ExpiresAt = $got.ExpiresAt
    }
    $App.Token
}

function Get-AzToken {
    param([string] $Audience)

    if (-not (Get-Command Get-AzAccessToken -ErrorAction SilentlyContinue)) {
        throw (New-SignInRecord 'no-azure-powershell' 'Azure PowerShell is missing: Install-Module Az.Accounts, then Connect-AzAccount. In Azure a managed identity needs -Identity instead.')
    }
    try { $got = Get-AzAccessToken -ResourceUrl $Audience -ErrorAction Stop -WarningAction SilentlyContinue }
    catch { throw (New-SignInRecord 'not-signed-in' (Get-SignInAdvice "$($_.Exception.Message)" $Audience) $_.Exception) }
    # Text in Az.Accounts before version 5, a SecureString since.
    $token = if ($got.Token -is [securestring]) { $got.Token } else { ConvertTo-Secret $got.Token }
    @{ Token = $token; ExpiresAt = [datetimeoffset]$got.ExpiresOn }
}

# What to do about an error of Azure PowerShell, and its own words where they are needed.
function Get-SignInAdvice {
    param([string] $Said, [string] $Audience)

    switch -Regex ($Said) {
        'AADSTS65001' { return "Entra ID wants consent for $Audience (AADSTS65001). Ask the app's administrator to let Azure PowerShell call its registration, which infra/entra-app.ps1 does, or try: Connect-AzAccount -AuthScope $Audience" }
        'AADSTS500011' { return "Your tenant has no app $Audience (AADSTS500011). Sign in to the app's: Connect-AzAccount -Tenant <its tenant>. If that is the one, ask the app's administrator for the identifier URI of its registration." }
        'AADSTS50105' { return "You are not assigned to the app (AADSTS50105). Ask its administrator for an app role, for example Call.Read.All." }
        'Connect-AzAccount|No .*(account|subscription|context)' { return 'Nobody is signed in to Azure PowerShell. Sign in first: Connect-AzAccount' }
        default { return "Azure PowerShell gives no token for $($Audience): $Said Sign in again: Connect-AzAccount -AuthScope $Audience" }
    }
}

function Get-IdentityToken {
    param([string] $Audience, [string] $ClientId)

    $query = "resource=$([uri]::EscapeDataString($Audience))$(if ($ClientId) { "&client_id=$ClientId" })"
    # App Service, Functions and Azure Automation tell where; a virtual machine has the same address everywhere.
    if ($env:IDENTITY_ENDPOINT -and $env:IDENTITY_HEADER) {
        $uri = "$($env:IDENTITY_ENDPOINT)?api-version=2019-08-01&$query"
        $headers = @{ 'X-IDENTITY-HEADER' = $env:IDENTITY_HEADER; Metadata = 'true' }
    }
    else {
        $server = if ($env:AZURE_POD_IDENTITY_AUTHORITY_HOST) { $env:AZURE_POD_IDENTITY_AUTHORITY_HOST.TrimEnd('/') } else { 'http://169.254.169.254' }
        $uri = "$server/metadata/identity/oauth2/token?api-version=2018-02-01&$query"
        $headers = @{ Metadata = 'true' }
    }

    try { $reply = Send-Request -Method GET -Uri $uri -Headers $headers -Client $script:IdentityClient }
    catch { throw (New-SignInRecord 'no-identity' 'There is no managed identity here: -Identity is for Azure alone.' $_.Exception) }
    $got = try { ConvertFrom-Json $reply.Text } catch { $null }
    if ($reply.Status -ne 200 -or -not $got -or -not $got.PSObject.Properties['access_token']) {
        $said = if ($got -and $got.PSObject.Properties['error_description']) { " $($got.error_description)" }
        throw (New-SignInRecord 'no-identity' "The managed identity gets no token for $Audience (status $($reply.Status)).$said Check that the identity is switched on, that -ClientId is assigned here, and the audience.")
    }
    $seconds = 0L
    $isTold = $got.PSObject.Properties['expires_on'] -and [long]::TryParse("$($got.expires_on)", [ref]$seconds)
    $expiry = if ($isTold) { [datetimeoffset]::FromUnixTimeSeconds($seconds) } else { [datetimeoffset]::MinValue }
    @{ Token = ConvertTo-Secret $got.access_token; ExpiresAt = $expiry }
}

function New-SignInRecord {
    param([string] $Id, [string] $Message, [System.Exception] $Cause)

    $exception = New-Object System.InvalidOperationException $Message, $Cause
    New-Object System.Management.Automation.ErrorRecord $exception, $Id, 'AuthenticationError', $null
}
