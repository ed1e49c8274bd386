function Get-BackupConnection {
    <#
    .SYNOPSIS
    Lists the connections of the app, by vendor and name.
    .PARAMETER Vendor
    Those of one vendor alone.
    .PARAMETER AppUrl
    Where the app is; without it the one of Connect-BackupTokens, or the environment variable BACKUP_FUNCTIONS_URL.
    .PARAMETER Key
    A key of the function Connections, or of the host; the environment variable BACKUP_FUNCTIONS_KEY without it. LocalHost has none.
    .EXAMPLE
    Get-BackupConnection backupnet | Get-BackupToken
    A token of every connection at backup.net.
    #>
    [CmdletBinding()]
    [OutputType('BackupFunctions.Connection')]
    param(
        [Parameter(Position = 0)] [string] $Vendor,
        [uri] $AppUrl,
        [securestring] $Key
    )

    try {
        $path = 'connections'
        if ($Vendor) { $path += "?vendor=$([uri]::EscapeDataString($Vendor))" }
        $reply = Invoke-App -AppUrl $AppUrl -Key $Key -Path $path -Target 'connections' -RetryCount 3
        foreach ($connection in $reply.connections) {
            [pscustomobject]@{ PSTypeName = 'BackupFunctions.Connection'; Vendor = $connection.vendor; Connection = $connection.connection }
        }
    }
    catch { $PSCmdlet.WriteError($_) }
}
