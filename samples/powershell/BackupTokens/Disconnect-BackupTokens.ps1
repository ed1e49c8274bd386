function Disconnect-BackupTokens {
    <#
    .SYNOPSIS
    Forgets the app that Connect-BackupTokens signed in to, and the token.
    .EXAMPLE
    Disconnect-BackupTokens
    #>
    [CmdletBinding()]
    param()
    $script:App = $null
}
