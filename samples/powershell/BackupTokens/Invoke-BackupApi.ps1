function Invoke-BackupApi {
    <#
    .SYNOPSIS
    Calls a backup vendor's API.
    .DESCRIPTION
    The app makes the call, with a token that works, the certificate's pin and the headers that the vendor wants; the JSON comes back as
    objects. An error tells who answered: the app, in its own words and with its kind of problem as Get-BackupToken has them, or the vendor.
    A GET that the app answers with 503 is made again when it says, three times at most.

    With -Direct this computer gets a token and calls the vendor itself, and once more with another token if a status of RejectedStatuses says
    that the vendor does not accept it. This takes a role for tokens, and a server certificate that this computer trusts.
    .PARAMETER Path
    What to call, below the address of the vendor's API: it begins with a slash.
    .PARAMETER Vendor
    The vendor's name, for example acronis; Get-BackupConnection lists those of the app. From the pipeline: the property Vendor.
    .PARAMETER Connection
    Which of the accounts at the vendor. From the pipeline: the property Connection.
    .PARAMETER Method
    The HTTP method.
    .PARAMETER Body
    Sent as JSON: text as it is, anything else converted.
    .PARAMETER Direct
    Call the vendor from here, not through the app: for what takes longer than the 230 s in which an app on Azure has to answer.
    .PARAMETER Tenant
    A customer tenant's UUID (Acronis alone), whose token the app does not call with: it implies -Direct.
    .PARAMETER AppUrl
    Where the app is; without it the one of Connect-BackupTokens, or the environment variable BACKUP_FUNCTIONS_URL.
    .PARAMETER Key
    A function key; the environment variable BACKUP_FUNCTIONS_KEY without it. LocalHost has none.
    .EXAMPLE
    Invoke-BackupApi backupnet /v1/customers
    .EXAMPLE
    Invoke-BackupApi rubrik /api/graphql -Method POST -Body @{ query = '{deploymentVersion}' }
    .EXAMPLE
    Get-BackupConnection backupnet | Invoke-BackupApi -Path /v1/customers
    The customers of every connection at backup.net.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipelineByPropertyName)]
        [ValidatePattern('^[A-Za-z0-9-]+$')] [string] $Vendor,
        [Parameter(Mandatory, Position = 1)] [ValidatePattern('^/')] [string] $Path,
        [Parameter(ValueFromPipelineByPropertyName)]
        [ValidatePattern('^[A-Za-z0-9]{1,40}$')] [string] $Connection = 'default',
        [ValidateSet('GET', 'POST', 'PUT', 'PATCH', 'DELETE')] [string] $Method = 'GET',
        [object] $Body,
        [switch] $Direct,
        [guid] $Tenant,
        [uri] $AppUrl,
        [securestring] $Key
    )

    process {
        try {
            $text = if ($null -eq $Body -or $Body -is [string]) { $Body } else { ConvertTo-Json $Body -Depth 20 -Compress }
            $ask = @{ AppUrl = $AppUrl; Key = $Key }
            if ($Direct -or $PSBoundParameters.ContainsKey('Tenant')) {
                if ($PSBoundParameters.ContainsKey('Tenant')) { $ask.Tenant = $Tenant }
                $reply = Invoke-Directly -Vendor $Vendor -Connection $Connection -Method $Method -Path $Path -Body $text -Ask $ask
            }
            else {
                $within = "Call/$Vendor/$Connection/"
                $reply = Invoke-App @ask -Method $Method -Path "$within$($Path.Substring(1))" -Within $within -Body $text -Target "$Vendor/$Connection" -RetryCount 3 -ForVendor
            }

            if ($reply.Status -lt 200 -or $reply.Status -gt 299) { throw (New-ProblemRecord $reply "$Method $Path of $Vendor/$Connection, answered by the vendor") }
            # Through a variable: Windows PowerShell would hand an array down the pipeline in one piece.
            $result = if ($reply.Text) { ConvertFrom-Json $reply.Text }
            $result
        }
        catch { $PSCmdlet.WriteError($_) }
    }
}

# Calls the vendor from here, and once more with another token if the first one is not accepted.
function Invoke-Directly {
    param([string] $Vendor, [string] $Connection, [string] $Method, [string] $Path, [string] $Body, [hashtable] $Ask)

    $token = Get-BackupToken $Vendor $Connection @Ask -ErrorAction Stop
    if (-not $token.BaseUrl) { throw "Where the API of $Vendor/$Connection is, is not known: set ApiUrl of this connection in the app." }
    $reply = Send-Request -Method $Method -Uri "$($token.BaseUrl)$Path" -Headers $token.GetHeaders() -Body $Body
    if ($reply.Status -notin $token.RejectedStatuses) { return $reply }
    $token = Get-BackupToken $Vendor $Connection @Ask -Rejected $token.Fingerprint -ErrorAction Stop
    Send-Request -Method $Method -Uri "$($token.BaseUrl)$Path" -Headers $token.GetHeaders() -Body $Body
}
