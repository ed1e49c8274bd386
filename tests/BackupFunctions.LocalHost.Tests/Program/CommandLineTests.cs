using System.CommandLine;
using System.Text.Json;
using BackupFunctions.Testing;

namespace BackupFunctions.LocalHost.Tests.Program;

/// <summary>The command line.</summary>
public sealed class CommandLineTests
{
    [Fact]
    public async Task Get_token_prints_the_reply_and_nothing_else()
    {
        var (exitCode, output, error) = await InvokeAsync("get-token", "backupnet");

        Assert.Equal((0, ""), (exitCode, error));
        var reply = JsonDocument.Parse(output).RootElement;
        SuiteLog.Guard(reply.GetProperty("access_token").GetString()!);
        Assert.Equal("backupnet", reply.GetProperty("vendor").GetString());
    }

    [Fact]
    public async Task Get_token_prints_a_problem_on_standard_error()
    {
        var (exitCode, output, error) = await InvokeAsync("get-token", "backupnet", "contoso");

        Assert.Equal((1, ""), (exitCode, output));
        Assert.EndsWith(
            "unknown-connection",
            JsonDocument.Parse(error).RootElement.GetProperty("type").GetString(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("get-tokens", "acronis")]
    [InlineData("--no-such-option")]
    [InlineData("get-token")]
    [InlineData("get-token", "acronis", "default", "surplus")]
    public async Task Unknown_commands_and_options_are_errors(params string[] words)
    {
        var (exitCode, _, error) = await InvokeAsync(words);

        Assert.NotEqual(0, exitCode);
        Assert.NotEmpty(error);
    }

    [Fact]
    public async Task Help_explains_every_command_and_option()
    {
        var (exitCode, output, _) = await InvokeAsync("--help");

        Assert.Equal(0, exitCode);
        Assert.All(["get-token", "check", "--settings", "--urls", "--own-the-vault"], word =>
            Assert.Contains(word, output, StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("Connections__Acronsi__default__ClientId", "x", "Connections:Acronsi")]
    [InlineData("Connections__Veeam__default__Usrname", "x", "Connections:Veeam:default:Usrname")]
    [InlineData("AcronisRefreshSchedule", "every five minutes", "AcronisRefreshSchedule")]
    [InlineData("KeyVault__VaultUri", "http://127.0.0.1:1", "KeyVault:VaultUri")]
    [InlineData("EmbeddedVault__Secret__x", "y", "EmbeddedVault:Secret")]
    public async Task A_bad_setting_stops_the_start_and_is_named(string name, string value, string key)
    {
        using var file = new TemporaryFile(
            JsonSerializer.Serialize(new { Values = new Dictionary<string, string> { [name] = value } })
        );

        var (exitCode, output, error) = await InvokeAsync("--settings", file.Path, "get-token", "acronis");

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains(key, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("[]")]
    [InlineData("""{ "Values": { "a": {} } }""")]
    public async Task A_malformed_settings_file_is_named(string text)
    {
        using var file = new TemporaryFile(text);

        var (exitCode, _, error) = await InvokeAsync("--settings", file.Path, "get-token", "acronis");

        Assert.Equal(1, exitCode);
        Assert.Contains(file.Path, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("true")]
    [InlineData("\"True\"")]
    public async Task An_encrypted_settings_file_is_named_with_the_way_out(string isEncrypted)
    {
        using var file = new TemporaryFile($$"""{ "IsEncrypted": {{isEncrypted}}, "Values": { "a": "AQAAANCM" } }""");

        var (exitCode, _, error) = await InvokeAsync("--settings", file.Path, "get-token", "acronis");

        Assert.Equal(1, exitCode);
        Assert.Contains("is encrypted (\"IsEncrypted\": true)", error, StringComparison.Ordinal);
        Assert.Contains("func settings decrypt", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_in_use_is_reported_as_a_sentence()
    {
        await using var host = await RunningHost.StartAsync();

        var (exitCode, _, error) = await InvokeAsync(
            "--urls",
            host.Client.BaseAddress!.GetLeftPart(UriPartial.Authority)
        );

        Assert.Equal(1, exitCode);
        Assert.Contains("--urls", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_program_serves_and_prints_a_command_for_each_connection()
    {
        await using var process = LocalHostProcess.Start(["--urls", "http://127.0.0.1:0"]);
        var address = await LocalHostProcess.ServesAtAsync(process);
        using var client = new HttpClient { BaseAddress = address };

        using var response = await client.GetAsync("/api/GetToken/veeam");
        SuiteLog.Guard(
            JsonDocument
                .Parse(await response.Content.ReadAsStringAsync())
                .RootElement.GetProperty("access_token")
                .GetString()!
        );
        await process.ExpectAsync(
            $"curl -s {address.GetLeftPart(UriPartial.Authority)}/api/GetToken/veeam",
            LocalHostProcess.Patience
        );

        Assert.Equal(200, (int)response.StatusCode);
    }

    private static async Task<(int ExitCode, string Output, string Error)> InvokeAsync(params string[] words)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await LocalHostCommand
            .Create()
            .Parse(words)
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        return (exitCode, output.ToString(), error.ToString());
    }
}
