function Get-BackupToken {
    <#
    .SYNOPSIS
    Gets a bearer token of a backup vendor.
    .DESCRIPTION
    Asks a BackupFunctions app for a token that works now. Ask again instead of keeping it: a token that is there costs no call of the vendor.

    The token is a SecureString in the property Token and does not print. GetHeaders() gives all headers that a call of the vendor needs:
    GetAuthorization(), which holds the token, and the property Headers. A status in RejectedStatuses means that the vendor does not accept
    the token.

    Where the app answers 503 it is asked again when it says, RetryCount times. Any other refusal is an error at once; the others of a
    pipeline go on. The error's FullyQualifiedErrorId begins with the kind of problem, for example credentials-refused, and its Exception.Data
    has status, type, title, detail and oauth_error.
    .PARAMETER Vendor
    The vendor's name, for example acronis; Get-BackupConnection lists those of the app. From the pipeline: a name, or the property Vendor.
    .PARAMETER Connection
    Which of the accounts at the vendor. From the pipeline: the property Connection.
    .PARAMETER MinimumLifetime
    Whole seconds that the token must still live; the app's default is 60.
    .PARAMETER Rejected
    The fingerprint of a token that the vendor answered with one of RejectedStatuses: it is never handed out again.
    .PARAMETER Tenant
    A customer tenant's UUID (Acronis alone): a token scoped to it.
    .PARAMETER Refresh
    Renew now; a token younger than 30 seconds is handed out instead.
    .PARAMETER AppUrl
    Where the app is; without it the one of Connect-BackupTokens, or the environment variable BACKUP_FUNCTIONS_URL.
    .PARAMETER Key
    A function key; the environment variable BACKUP_FUNCTIONS_KEY without it. LocalHost has none.
    .PARAMETER RetryCount
    How often a 503 is waited out.
    .EXAMPLE
    $token = Get-BackupToken backupnet
    Invoke-RestMethod "$($token.BaseUrl)/v1/customers" -Headers $token.GetHeaders()
    .EXAMPLE
    Import-Csv customers.csv | Get-BackupToken -MinimumLifetime 900
    A token for each row, which has the columns Vendor and Connection.
    #>
    [CmdletBinding()]
    [OutputType('BackupFunctions.Token')]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [ValidatePattern('^[A-Za-z0-9-]+$')] [string] $Vendor,
        [Parameter(Position = 1, ValueFromPipelineByPropertyName)]
        [ValidatePattern('^[A-Za-z0-9]{1,40}$')] [string] $Connection = 'default',
        [ValidateRange(0, 86400)] [int] $MinimumLifetime,
        [ValidatePattern('^[0-9A-Fa-f]{16}$')] [string] $Rejected,
        [guid] $Tenant,
        [switch] $Refresh,
        [uri] $AppUrl,
        [securestring] $Key,
        [ValidateRange(0, 10)] [int] $RetryCount = 3
    )

    process {
        try {
            $query = @(
                if ($PSBoundParameters.ContainsKey('MinimumLifetime')) { "minimumLifetime=$MinimumLifetime" }
                if ($Rejected) { "rejected=$Rejected" }
                if ($PSBoundParameters.ContainsKey('Tenant')) { "tenant=$Tenant" }
                if ($Refresh) { 'refresh=true' }
            ) -join '&'
            $path = "GetToken/$Vendor/$Connection$(if ($query) { "?$query" })"
            $reply = Invoke-App -AppUrl $AppUrl -Key $Key -Path $path -Target "$Vendor/$Connection" -RetryCount $RetryCount
            # An app of an older version has neither member.
            $headers = @{}
            if ($reply.PSObject.Properties['headers']) { foreach ($header in $reply.headers.PSObject.Properties) { $headers[$header.Name] = $header.Value } }
            $statuses = if ($reply.PSObject.Properties['rejected_statuses']) { $reply.rejected_statuses } else { 401 }
            [pscustomobject]@{
                PSTypeName       = 'BackupFunctions.Token'
                Vendor           = $reply.vendor
                Connection       = $reply.connection
                TokenType        = $reply.token_type
                Token            = [System.Net.NetworkCredential]::new('', $reply.access_token).SecurePassword
                # Text in Windows PowerShell, which leaves instants in JSON alone; a time of its own in PowerShell 7.
                ExpiresAt        = if ($reply.expires_at -is [datetime]) { [datetimeoffset]$reply.expires_at } else { [datetimeoffset]::Parse($reply.expires_at, [cultureinfo]::InvariantCulture) }
                BaseUrl          = $reply.base_url
                Fingerprint      = $reply.fingerprint
                Headers          = $headers
                RejectedStatuses = [int[]]$statuses
            }
        }
        catch { $PSCmdlet.WriteError($_) }
    }
}
