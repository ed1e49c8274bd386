# Runs scripts for the tests: each line of standard input is one, in base64, and gets a runspace of its own with the module in it.
# The reply is one line, JSON in base64 behind a marker. Starting PowerShell takes a second, a runspace next to nothing.
param([string] $Module)
$ErrorActionPreference = 'Stop'

function ConvertTo-Fact($Record) {
    # PowerShell itself notes things there under keys that are no text.
    $data = @{}
    foreach ($key in $Record.Exception.Data.Keys) { if ($key -is [string]) { $data[$key] = $Record.Exception.Data[$key] } }
    [pscustomobject]@{
        Id       = $Record.FullyQualifiedErrorId
        Category = "$($Record.CategoryInfo.Category)"
        Message  = $Record.Exception.Message
        Target   = "$($Record.TargetObject)"
        Advice   = if ($Record.ErrorDetails) { $Record.ErrorDetails.RecommendedAction }
        Data     = $data
    }
}

while ($null -ne ($line = [Console]::In.ReadLine())) {
    $script = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($line))
    $shell = [powershell]::Create()
    [void]$shell.AddScript("Import-Module '$Module'").AddStatement().AddScript($script)
    $output = $null
    $ended = $null
    try { $output = $shell.Invoke() }
    catch { $ended = ConvertTo-Fact $_.Exception.InnerException.ErrorRecord }
    $reply = ConvertTo-Json -Compress -Depth 4 ([pscustomobject]@{
        Lines   = @(foreach ($item in $output) { "$item" })
        Display = $output | Format-List | Out-String
        Errors  = @($shell.Streams.Error | ForEach-Object { ConvertTo-Fact $_ })
        Verbose = @($shell.Streams.Verbose | ForEach-Object { "$_" })
        Ended   = $ended
    })
    $shell.Dispose()
    [Console]::Out.WriteLine("reply:" + [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($reply)))
}
