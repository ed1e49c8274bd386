using BackupFunctions.Samples.Tests.Serving;
using BackupFunctions.Testing;

namespace BackupFunctions.Samples.Tests.PowerShell;

/// <summary>Parts of tests in which a script signs in to an app.</summary>
internal static class SignInScripts
{
    public const string Audience = "api://00000000-0000-0000-0000-000000000000";
    public const string List = """{"connections":[{"vendor":"acronis","connection":"default"}]}""";

    public static string Token { get; } = SuiteLog.Guard("token-of-entra-id-for-powershell");

    /// <summary>Get-AzAccessToken of versions before 5 of Az.Accounts.</summary>
    public static string OldAz { get; } = Az($"'{Token}'");

    /// <summary>Get-AzAccessToken of the versions since.</summary>
    public static string NewAz { get; } = Az($"([System.Net.NetworkCredential]::new('', '{Token}').SecurePassword)");

    /// <summary>Its next answer is that of an app without keys to a caller who is not signed in.</summary>
    public static ScriptedApp Keyless(ScriptedApp app) =>
        app.Answers(401, "unauthenticated", "Callers sign in here.", audience: Audience);

    /// <summary>Runs a script where nothing in the environment tells of an app or an identity.</summary>
    public static Task<PowerShellReply> RunCleanAsync(this PowerShellSession shell, string script) =>
        shell.RunAsync(
            $$"""
            'BACKUP_FUNCTIONS_URL', 'BACKUP_FUNCTIONS_KEY', 'IDENTITY_ENDPOINT', 'IDENTITY_HEADER',
            'AZURE_POD_IDENTITY_AUTHORITY_HOST' | ForEach-Object { Set-Item "env:$_" $null }
            {{script}}
            """
        );

    private static string Az(string token) =>
        $$"""
            $global:Asked = @()
            function global:Get-AzAccessToken {
                [CmdletBinding()] param($ResourceUrl)
                $global:Asked += $ResourceUrl
                [pscustomobject]@{ Token = {{token}}; ExpiresOn = [datetimeoffset]::MaxValue }
            }
            """;
}
