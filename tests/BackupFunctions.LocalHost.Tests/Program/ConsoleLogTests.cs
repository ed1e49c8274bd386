namespace BackupFunctions.LocalHost.Tests.Program;

public sealed class ConsoleLogTests
{
    [Fact]
    public async Task The_log_follows_the_settings_of_the_console_logger()
    {
        var settings = new Dictionary<string, string>
        {
            ["Logging:Console:FormatterOptions:TimestampFormat"] = "'at' ",
            ["Logging:Console:LogLevel:BackupFunctions.Renewal"] = "None",
        };

        var (exitCode, output) = await LocalHostProcess.RunAsync(["get-token", "backupnet"], settings);

        Assert.Equal(0, exitCode);
        Assert.Contains("at info: BackupFunctions.Audit[1301] Token ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Renewed", output, StringComparison.Ordinal);
    }
}
