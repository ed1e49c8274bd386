function Invoke-BackupApi {
    <#
    .SYNOPSIS
    Calls a backup vendor's API with a token that works.
    .DESCRIPTION
    Gets a token, calls the API at the address and with the headers that came with it, and returns the JSON as objects. If the vendor does not
    accept the token, which its RejectedStatuses tell, the app is asked once for another and the call is made once more.
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
    .PARAMETER Tenant
    A customer tenant's UUID (Acronis alone).
    .PARAMETER AppUrl
    Where the app is; the environment variable BACKUP_FUNCTIONS_URL without it.
    .PARAMETER Key
    A function key; the environment variable BACKUP_FUNCTIONS_KEY without it. LocalHost has none.
    .EXAMPLE
    Invoke-BackupApi backupnet /v1/customers
    .EXAMPLE
    Get-BackupConnection backupnet | Invoke-BackupApi -Path /v1/customers
    The customers of every connection at backup.net.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipelineByPropertyName)] [string] $Vendor,
        [Parameter(Mandatory, Position = 1)] [ValidatePattern('^/')] [string] $Path,
        [Parameter(ValueFromPipelineByPropertyName)] [string] $Connection = 'default',
        [ValidateSet('GET', 'POST', 'PUT', 'PATCH', 'DELETE')] [string] $Method = 'GET',
        [object] $Body,
        [guid] $Tenant,
        [uri] $AppUrl = $env:BACKUP_FUNCTIONS_URL,
        [securestring] $Key
    )

    process {
        try {
            $ask = @{ Vendor = $Vendor; Connection = $Connection; AppUrl = $AppUrl; Key = $Key; ErrorAction = 'Stop' }
            if ($PSBoundParameters.ContainsKey('Tenant')) { $ask.Tenant = $Tenant }
            $text = if ($null -eq $Body -or $Body -is [string]) { $Body } else { ConvertTo-Json $Body -Depth 20 -Compress }

            $token = Get-BackupToken @ask
            if (-not $token.BaseUrl) { throw "Where the API of $Vendor/$Connection is, is not known: set ApiUrl of this connection in the app." }
            $reply = Send-Request -Method $Method -Uri "$($token.BaseUrl)$Path" -Headers $token.GetHeaders() -Body $text
            if ($reply.Status -in $token.RejectedStatuses) {
                $token = Get-BackupToken @ask -Rejected $token.Fingerprint
                $reply = Send-Request -Method $Method -Uri "$($token.BaseUrl)$Path" -Headers $token.GetHeaders() -Body $text
            }

            if ($reply.Status -lt 200 -or $reply.Status -gt 299) { throw (New-ProblemRecord $reply "$Method $($token.BaseUrl)$Path") }
            # Through a variable: Windows PowerShell would hand an array down the pipeline in one piece.
            $result = if ($reply.Text) { ConvertFrom-Json $reply.Text }
            $result
        }
        catch { $PSCmdlet.WriteError($_) }
    }
}
