using System.Text;

namespace BackupFunctions.Samples.Tests.PowerShell;

/// <summary>The module itself, in a PowerShell that may be either edition.</summary>
[Collection(nameof(SharedShell))]
public sealed class ModuleTests(PowerShellSession shell)
{
    [Fact]
    public async Task The_manifest_is_sound_and_exports_what_is_written()
    {
        var reply = await shell.RunAsync(
            $"(Test-ModuleManifest '{PowerShellSession.Module}/BackupTokens.psd1').ExportedFunctions.Keys; "
                + "(Get-Command -Module BackupTokens).Name"
        );

        Assert.Empty(reply.Errors);
        Assert.Equal(
            Enumerable
                .Repeat<string[]>(
                    [
                        "Connect-BackupTokens",
                        "Disconnect-BackupTokens",
                        "Get-BackupConnection",
                        "Get-BackupToken",
                        "Invoke-BackupApi",
                    ],
                    2
                )
                .SelectMany(names => names),
            reply.Lines
        );
    }

    [Fact]
    public async Task Every_function_and_every_parameter_is_explained()
    {
        var reply = await shell.RunAsync(
            """
            $common = [System.Management.Automation.PSCmdlet]::CommonParameters
            foreach ($command in Get-Command -Module BackupTokens) {
                $help = Get-Help $command.Name -Full
                if (-not $help.Synopsis -or $help.Synopsis -match [regex]::Escape($command.Name)) { "$command has no synopsis" }
                if (@($help.examples.example).Count -lt 1) { "$command has no example" }
                foreach ($name in $command.Parameters.Keys | Where-Object { $_ -notin $common }) {
                    $told = $help.parameters.parameter | Where-Object { $_.name -eq $name }
                    if (-not ($told.PSObject.Properties['description'] -and $told.description)) { "$command -$name is not explained" }
                }
            }
            """
        );

        Assert.Empty(reply.Errors);
        Assert.Empty(reply.Lines);
    }

    [Fact]
    public async Task Nothing_in_it_is_of_PowerShell_7_alone()
    {
        var reply = await shell.RunAsync(
            $$"""
            foreach ($file in Get-ChildItem '{{PowerShellSession.Module}}' -Include *.ps1, *.psm1, *.psd1 -Recurse) {
                $tokens = $errors = $null
                $null = [System.Management.Automation.Language.Parser]::ParseFile($file.FullName, [ref]$tokens, [ref]$errors)
                "$($file.Name) $(@($errors).Count)"
                $tokens | Where-Object { "$($_.Kind)" -in 'QuestionMark', 'QuestionQuestion', 'QuestionQuestionEquals', 'QuestionDot', 'QuestionLBracket', 'AndAnd', 'OrOr', 'Clean' } |
                    ForEach-Object { "$($file.Name) line $($_.Extent.StartLineNumber): $($_.Text)" }
            }
            """
        );

        Assert.True(reply.Lines.Count > 5);
        Assert.All(reply.Lines, line => Assert.EndsWith(" 0", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Its_files_are_plain_ASCII_which_every_edition_reads_alike() =>
        Assert.All(Directory.EnumerateFiles(PowerShellSession.Module), file =>
            Assert.True(Ascii.IsValid(File.ReadAllBytes(file)), file)
        );
}
