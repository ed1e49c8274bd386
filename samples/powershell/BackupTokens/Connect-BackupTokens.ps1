function Connect-BackupTokens {
    <#
    .SYNOPSIS
    Signs in to a BackupFunctions app, for the commands that follow.
    .DESCRIPTION
    Asks the app how it admits callers, and tries it. Where that is Entra ID, the token comes from whoever is signed in to Azure PowerShell
    (Connect-AzAccount), or with -Identity from a managed identity. Later commands need neither -AppUrl nor -Key. The module keeps the app's
    address and the way to sign in until Disconnect-BackupTokens, and a token as long as it lives.

    An app with function keys needs BACKUP_FUNCTIONS_KEY, or -Key with each command. LocalHost needs no sign-in.
    .PARAMETER AppUrl
    Where the app is; the environment variable BACKUP_FUNCTIONS_URL without it.
    .PARAMETER Identity
    Sign in with the managed identity of this Automation account, function, app or virtual machine.
    .PARAMETER ClientId
    The client id of a user-assigned identity; the system-assigned one without it.
    .PARAMETER Audience
    Whom to sign in to: api:// and the client id of the app's registration. The app itself names it without this parameter.
    .EXAMPLE
    Connect-AzAccount
    Connect-BackupTokens https://contoso-backup.azurewebsites.net
    Invoke-BackupApi backupnet /v1/customers
    .EXAMPLE
    Connect-BackupTokens https://contoso-backup.azurewebsites.net -Identity
    In Azure Automation, or a function.
    #>
    [CmdletBinding(DefaultParameterSetName = 'User')]
    [OutputType('BackupFunctions.App')]
    param(
        [Parameter(Position = 0)] [uri] $AppUrl = $env:BACKUP_FUNCTIONS_URL,
        [Parameter(Mandatory, ParameterSetName = 'Identity')] [switch] $Identity,
        [Parameter(ParameterSetName = 'Identity')] [guid] $ClientId,
        [string] $Audience
    )

    $script:App = $null
    try {
        $AppUrl = Resolve-AppUrl $AppUrl
        $target = $AppUrl.GetLeftPart('Authority')
        $connections = "$($AppUrl.AbsoluteUri.TrimEnd('/'))/api/connections"
        $app = @{ AppUrl = $AppUrl; Audience = $null; SignIn = 'None'; ClientId = $null; Token = $null; ExpiresAt = $null }

        $reply = Send-Request -Method GET -Uri $connections -Headers (Get-AppHeader $AppUrl)
        if ($reply.Status -eq 401) {
            $app.Audience = if ($Audience) { $Audience } else { Get-ChallengedAudience $reply $target }
            $app.SignIn = if ($Identity) { 'ManagedIdentity' } else { 'AzurePowerShell' }
            if ($PSBoundParameters.ContainsKey('ClientId')) { $app.ClientId = "$ClientId" }
            $headers = Get-AppHeader $AppUrl
            $headers['Authorization'] = "Bearer $(ConvertFrom-Secret (Get-EntraToken $app))"
            $reply = Send-Request -Method GET -Uri $connections -Headers $headers
        }

        # Who may call a vendor, but not list connections, is signed in, too.
        if ($reply.Status -notin 200, 403) { throw (New-ProblemRecord $reply $target -FromApp) }
        $script:App = $app
        [pscustomobject]@{ PSTypeName = 'BackupFunctions.App'; AppUrl = $AppUrl; SignIn = $app.SignIn; Audience = $app.Audience }
    }
    catch { $PSCmdlet.ThrowTerminatingError($_) }
}

# Whom the app tells callers to sign in to. Nothing but the registration of an app is believed: with another audience a server could get a token
# for Azure itself.
function Get-ChallengedAudience {
    param($Reply, [string] $Target)

    if ($Reply.Challenge -match 'resource_id="(api://[0-9A-Fa-f-]{36})"') { return $Matches[1] }
    if ($Reply.Text) { throw (New-ProblemRecord $Reply "$Target does not say whom to sign in to (give -Audience)" -FromApp) }
    throw (New-SignInRecord 'function-key' "$Target asks for a function key, and $(if ($env:BACKUP_FUNCTIONS_KEY) { 'does not accept that of BACKUP_FUNCTIONS_KEY' } else { 'BACKUP_FUNCTIONS_KEY is not set' }). Set it, or give -Key with each command.")
}
