@{
    RootModule           = 'BackupTokens.psm1'
    ModuleVersion        = '1.0.0'
    GUID                 = '6c0f0a0b-8f5e-4f0a-9d3c-2f4b7d1e5a90'
    Author               = 'The BackupFunctions authors'
    Copyright            = '(c) The BackupFunctions authors. MIT License.'
    Description          = 'Calls of the APIs of backup vendors, and tokens for them, by a BackupFunctions app.'
    PowerShellVersion    = '5.1'
    CompatiblePSEditions = @('Desktop', 'Core')
    TypesToProcess       = @('BackupTokens.types.ps1xml')
    FunctionsToExport    = @('Connect-BackupTokens', 'Disconnect-BackupTokens', 'Get-BackupConnection', 'Get-BackupToken', 'Invoke-BackupApi')
    CmdletsToExport      = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
    PrivateData          = @{ PSData = @{ Tags = @('backup', 'OAuth', 'Azure'); LicenseUri = 'https://opensource.org/license/mit' } }
}
