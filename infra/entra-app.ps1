#Requires -Version 7.0
<#
.SYNOPSIS
Makes the app registration with which callers of a deployed app sign in, or brings an existing one up to date, and prints its client id.

.DESCRIPTION
It needs the Azure CLI, signed in (az login) with a role that may register applications, such as Application Developer. It can be run as
often as you like: it only adds what is missing. entra-app.sh does the same in a POSIX shell.

.PARAMETER Name
The name of the registration.

.PARAMETER ClientId
The registration itself, where several have the name or it has another.

.PARAMETER AppUrl
The app's address, so that people can sign in to its status page (azd env get-value FUNCTION_APP_URL).

.PARAMETER AddRole
Roles to add for one connection or a vendor of your own, such as Token.Read.veeam.berlin.

.PARAMETER Assign
Roles to give, each as ROLE=OBJECT-ID, to a managed identity, service principal, user or group by its object id.

.EXAMPLE
azd env set ENTRA_CLIENT_ID (infra/entra-app.ps1)

.EXAMPLE
infra/entra-app.ps1 -AppUrl (azd env get-value FUNCTION_APP_URL) -Assign Token.Read.acronis=00000000-0000-0000-0000-000000000000
#>
[CmdletBinding()]
param(
    [string] $Name = 'BackupFunctions',
    [string] $ClientId,
    [string] $AppUrl,
    [string[]] $AddRole = @(),
    [string[]] $Assign = @()
)
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $false
Set-StrictMode -Version 1.0

$uuid = '[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}'
$callersWithoutConsent = [ordered]@{
    'the Azure CLI'    = '04b07795-8ddb-461a-bbee-02f9e1bf7b46'
    'Azure PowerShell' = '1950a258-227b-4e31-a9cf-717495945fc2'
}
$newScope = [ordered]@{
    id                      = '7d1c1a52-9d8f-4b60-8f0e-5c6f0c0a9b1e'
    value                   = 'user_impersonation'
    type                    = 'User'
    isEnabled               = $true
    adminConsentDisplayName = 'Call BackupFunctions'
    adminConsentDescription = 'Calls BackupFunctions as the signed-in user, within the app roles of that user.'
    userConsentDisplayName  = 'Call BackupFunctions'
    userConsentDescription  = 'Calls BackupFunctions as you, within your app roles.'
}
$attempts = 30
# Entra ID needs a few seconds until all its servers know what one of them has made.
$wait = if ($env:ENTRA_APP_WAIT) { [int] $env:ENTRA_APP_WAIT } else { 2 }

# Standard output is for the client id alone.
function Say([string] $Text) { [Console]::Error.WriteLine($Text) }
function Stop-Script([string] $Text) { Say "entra-app: $Text"; exit 1 }

if ($Name -cnotmatch '^[A-Za-z0-9][A-Za-z0-9 ._()-]{0,119}$') {
    Stop-Script '-Name takes letters, digits, spaces and ._()- alone. Give -ClientId for a registration that has another name.'
}
if ($PSBoundParameters.ContainsKey('ClientId') -and $ClientId -notmatch "^$uuid$") {
    Stop-Script "-ClientId takes a UUID: the Application (client) ID on the registration's overview page."
}
$AppUrl = $AppUrl -replace '/$'
if ($PSBoundParameters.ContainsKey('AppUrl') -and $AppUrl -cnotmatch '^https://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$') {
    Stop-Script ("-AppUrl takes the app's address, such as https://func-abc.azurewebsites.net, and not '$AppUrl'. " +
        'azd env get-value FUNCTION_APP_URL prints it.')
}
foreach ($role in $AddRole) {
    if ($role -cnotmatch '^(Token\.Read|Call|Call\.Read)\.[A-Za-z0-9-]+(\.[A-Za-z0-9]+)?$') {
        Stop-Script ('-AddRole takes a role for a vendor or a connection, such as Token.Read.veeam.berlin or Call.Read.acronis, and not ' +
            "'$role'.")
    }
}
foreach ($assignment in $Assign) {
    if ($assignment -notmatch "^[A-Za-z0-9.-]+=$uuid$") {
        Stop-Script "-Assign takes ROLE=OBJECT-ID, such as Token.Read.All=00000000-0000-0000-0000-000000000000, and not '$assignment'."
    }
}
$rolesFile = Join-Path $PSScriptRoot 'app-roles.json'
if (-not (Test-Path $rolesFile)) { Stop-Script "$rolesFile is missing. Run the script from a clone of the repository." }
if (-not (Get-Command az -CommandType Application -ErrorAction Ignore)) {
    Stop-Script 'the Azure CLI (az) is not installed, or not in PATH. Install it, run az login, and start again.'
}
$bodyFile = [IO.Path]::GetTempFileName()
$errorFile = [IO.Path]::GetTempFileName()

function Get-AzError { "$(Get-Content -Raw $errorFile)".Trim() }

# What Microsoft Graph replies; nothing if it refuses, and then $script:refused is true. It is asked again while it does not know yet what
# was just made. JSON goes through files, and no argument has parentheses or quotes: az.cmd on Windows would cut it.
function Invoke-Graph([string] $Method, [string] $Path, $Body, [string] $Filter) {
    $arguments = @('rest', '--only-show-errors', '--method', $Method, '--url', "$graphUrl/v1.0/$Path", '--output', 'json')
    if ($Filter) { $arguments += '--url-parameters', "`$filter=$Filter" }
    if ($Body) {
        [IO.File]::WriteAllText($bodyFile, (ConvertTo-Json $Body -Depth 10 -Compress))
        $arguments += '--body', "@$bodyFile"
    }
    for ($attempt = 1; ; $attempt++) {
        $reply = & az @arguments 2> $errorFile
        $script:refused = $LASTEXITCODE -ne 0
        if (-not $script:refused) {
            if ($reply) { return ConvertFrom-Json ($reply -join "`n") -NoEnumerate }
            return
        }
        $isNotYet = (Get-AzError) -match
            'ResourceNotFound|NoBackingApplicationObject|was not found on application|Not a valid reference update'
        if (-not $isNotYet -or $attempt -ge $attempts) { return }
        if ($attempt -eq 1) { Say "Entra ID does not know $Path yet; asking again" }
        Start-Sleep -Seconds $wait
    }
}

# The same, and the end if it is refused.
function Invoke-GraphOrStop([string] $What, [string] $Method, [string] $Path, $Body, [string] $Filter) {
    $reply = Invoke-Graph $Method $Path $Body $Filter
    if (-not $script:refused) { return $reply }
    Say (Get-AzError)
    if ((Get-AzError) -match 'Authorization_RequestDenied|Insufficient privileges') {
        Stop-Script ("$What failed: whoever is signed in may not do that. The role Cloud Application Administrator may, and the " +
            "registration's owners may change it.")
    }
    Stop-Script "$What failed, for the reason above. Mend it and start again: what is done already stays done."
}

try {
    $tenant = & az account show --query tenantId --output tsv 2> $errorFile
    if ($LASTEXITCODE -ne 0) {
        Say (Get-AzError)
        Stop-Script 'the Azure CLI is not signed in. Run az login --tenant <tenant id>, and start again.'
    }
    Say "Tenant $tenant"
    $graphUrl = "$(& az cloud show --query endpoints.microsoftGraphResourceId --output tsv)".TrimEnd('/')

    # 1. The registration.
    $filter = if ($ClientId) { "appId eq '$ClientId'" } else { "displayName eq '$Name'" }
    $found = @((Invoke-GraphOrStop 'Looking for the registration' get applications -Filter $filter).value)
    if ($found.Count -gt 1) {
        Stop-Script "several registrations have the name $Name. Say which one with -ClientId: $($found.appId)"
    }
    if ($found.Count -eq 0 -and $ClientId) {
        Stop-Script ("this tenant has no registration with the client id $ClientId. Sign in to its tenant (az login --tenant), or leave " +
            '-ClientId out.')
    }
    if ($found.Count -eq 0) {
        $body = @{ displayName = $Name; signInAudience = 'AzureADMyOrg' }
        $found = @(Invoke-GraphOrStop 'Making the registration' post applications $body)
        Say "Made the registration $Name"
    }

    # 2. What it has.
    $path = "applications/$($found[0].id)"
    $app = Invoke-GraphOrStop 'Reading the registration' get $path
    $ClientId = $app.appId

    # 3. The roles that are missing: those of app-roles.json, then those that were asked for. Fields are named because Graph tells one
    # more, origin, that it does not take back.
    $roles = @($app.appRoles | Select-Object allowedMemberTypes, description, displayName, id, isEnabled, value)
    $missing = @(Get-Content -Raw $rolesFile | ConvertFrom-Json |
            Where-Object { $_.value -cnotin $roles.value -and $_.id -notin $roles.id })
    foreach ($role in $AddRole) {
        if ($role -cin @($roles + $missing).value) { continue }
        $missing += [pscustomobject]@{
            id = [guid]::NewGuid().ToString(); value = $role; displayName = $role; description = "${role}: see docs/access.md."
            allowedMemberTypes = @('Application', 'User'); isEnabled = $true
        }
    }
    $roles += $missing

    # 4. Everything that is missing, in one request.
    $change = @{}
    if ("api://$ClientId" -notin $app.identifierUris) {
        $change.identifierUris = @($app.identifierUris) + "api://$ClientId"
        Say "Adding the identifier URI api://$ClientId"
    }
    if ($missing) {
        $change.appRoles = $roles
        Say "Adding $($missing.Count) app roles"
    }
    # Tokens of version 2 have the issuer that the app's authentication accepts.
    $api = @{}
    if ($app.api.requestedAccessTokenVersion -ne 2) { $api.requestedAccessTokenVersion = 2 }
    $scopes = @($app.api.oauth2PermissionScopes | Select-Object adminConsentDescription, adminConsentDisplayName, id, isEnabled, type,
        userConsentDescription, userConsentDisplayName, value)
    $scope = @($scopes | Where-Object value -CEQ user_impersonation)[0]
    if (-not $scope) {
        $scope = $newScope
        $api.oauth2PermissionScopes = $scopes + $scope
    }
    if ($api.Count) {
        $change.api = $api
        Say 'Setting the token version 2 and the scope user_impersonation'
    }
    if ($AppUrl) {
        $web = @{}
        $callback = "$AppUrl/.auth/login/aad/callback"
        if ($callback -notin $app.web.redirectUris) { $web.redirectUris = @($app.web.redirectUris) + $callback }
        if (-not $app.web.implicitGrantSettings.enableIdTokenIssuance) { $web.implicitGrantSettings = @{ enableIdTokenIssuance = $true } }
        if ($web.Count) {
            $change.web = $web
            Say "Letting people sign in to $AppUrl"
        }
    }
    if ($change.Count) { [void](Invoke-GraphOrStop 'Changing the registration' patch $path $change) }

    # 5. Who gets tokens for it without a question. Graph takes this only once it has the scope.
    $clients = @($app.api.preAuthorizedApplications)
    $isIncomplete = $false
    foreach ($caller in $callersWithoutConsent.GetEnumerator()) {
        $client = @($clients | Where-Object appId -EQ $caller.Value)[0]
        if ($client -and $scope.id -in $client.delegatedPermissionIds) { continue }
        $ids = @(if ($client) { $client.delegatedPermissionIds }) + $scope.id
        $clients = @($clients | Where-Object appId -NE $caller.Value) + @{ appId = $caller.Value; delegatedPermissionIds = $ids }
        $isIncomplete = $true
        Say "Letting $($caller.Key) get tokens without a consent prompt"
    }
    if ($isIncomplete) {
        $body = @{ api = @{ preAuthorizedApplications = $clients } }
        [void](Invoke-GraphOrStop 'Authorizing the Azure CLI and Azure PowerShell' patch $path $body)
    }

    # 6. The service principal, which role assignments belong to. Its appRoleAssignmentRequired stays as it is, off at first: the app
    # itself refuses who lacks a role, and says which one, while Entra ID would refuse the sign-in, and ask an administrator for consent.
    $principal = @((Invoke-GraphOrStop 'Looking for the service principal' get servicePrincipals -Filter "appId eq '$ClientId'").value)
    if ($principal.Count -eq 0) {
        $body = @{ appId = $ClientId; tags = @('WindowsAzureActiveDirectoryIntegratedApp') }
        $principal = @(Invoke-GraphOrStop 'Making the service principal' post servicePrincipals $body)
        Say 'Made its service principal, which the portal has among the enterprise applications'
    }

    # 7. Who has which role.
    foreach ($assignment in $Assign) {
        $value, $holder = $assignment -split '='
        $role = @($roles | Where-Object value -CEQ $value)[0]
        if (-not $role) { Stop-Script "the registration has no role $value. If it is meant to be one, give -AddRole $value as well." }
        $body = @{ principalId = $holder; resourceId = $principal[0].id; appRoleId = $role.id }
        [void](Invoke-Graph post "servicePrincipals/$($principal[0].id)/appRoleAssignedTo" $body)
        if (-not $script:refused) {
            Say "Gave $value to $holder"
        }
        elseif ((Get-AzError) -match 'already exists') {
            Say "$holder has $value already"
        }
        else {
            Say (Get-AzError)
            Stop-Script ("giving $value to $holder failed, for the reason above. It takes the object id, and no client id, of a user, a " +
                'group or a service principal (a managed identity has one); and whoever is signed in needs a role such as Cloud ' +
                'Application Administrator.')
        }
    }

    if (-not $change.Count) { Say 'The registration was up to date' }
    $ClientId
}
finally {
    Remove-Item $bodyFile, $errorFile -ErrorAction Ignore
}
exit 0
