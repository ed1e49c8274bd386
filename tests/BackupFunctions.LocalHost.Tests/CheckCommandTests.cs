using System.CommandLine;
using System.Text;
using System.Text.Json;
using BackupFunctions.Check;
using BackupFunctions.Emulators;
using BackupFunctions.Testing;
using Spectre.Console;

namespace BackupFunctions.LocalHost.Tests;

/// <summary><c>check</c> on the command line.</summary>
public sealed class CheckCommandTests
{
    private const string WrongSecret = "a-wrong-secret-for-acronis";

    [Fact]
    public async Task A_good_check_exits_with_0_and_one_line_per_finding()
    {
        var (exitStatus, output, error) = await CheckAsync(settings: null);

        Assert.Equal((0, ""), (exitStatus, error));
        Assert.Contains("  ok       settings-good  settings: All settings are valid.", Lines(output));
        Assert.Contains(
            "  ok       credential-good  veeam/default: veeam-default-totp-secret found; no expiry date.",
            Lines(output)
        );
        Assert.Contains("  ok       token-saved  backupnet/default: The vault saved the token.", Lines(output));
        Assert.Equal(
            ["Settings", "Vaults", "Storage", "Connections", "Credentials", "Sign-in servers", "Sign-ins"],
            Lines(output).Where(line => line.Length > 0 && !line.StartsWith(' ')).SkipLast(1)
        );
        Assert.Matches(@"^All is well; \d+ checks passed, 2 skipped, in \d+[.]\d s[.]$", Lines(output)[^1]);
    }

    [Fact]
    public async Task A_warning_exits_with_1()
    {
        using var certificate = EmulatedCredentials.NewCertificate(
            TimeProvider.System,
            "CN=contoso",
            TimeSpan.FromDays(20)
        );
        var secret = SuiteLog.Guard(EmulatedCredentials.CertificateSecret("avepoint-default", certificate).Value);

        var (exitStatus, output, _) = await CheckAsync(
            new() { ["EmbeddedVault__Secrets__avepoint_default"] = secret },
            "avepoint",
            "--no-sign-in"
        );

        Assert.Equal(1, exitStatus);
        Assert.Contains(
            "  warning  credential-expiring  avepoint/default: "
                + "The certificate avepoint-default expires in 19 days, on ",
            output,
            StringComparison.Ordinal
        );
        Assert.StartsWith("Found 1 warning; ", Lines(output)[^1], StringComparison.Ordinal);
        Assert.DoesNotContain(secret, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Problems_only_leaves_out_what_is_well_and_ends_with_the_problems_by_cause()
    {
        var wrong = SuiteLog.Guard(WrongSecret);
        var (exitStatus, output, _) = await CheckAsync(
            new()
            {
                ["EmbeddedVault__Secrets__acronis_default_client_secret"] = wrong,
                ["EmbeddedVault__Secrets__backupnet_default_client_secret"] = wrong,
            },
            "--problems-only"
        );

        Assert.Equal(2, exitStatus);
        Assert.DoesNotContain("  ok  ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("  skipped  ", output, StringComparison.Ordinal);
        Assert.Contains("  error    sign-in-refused  acronis/default: ", output, StringComparison.Ordinal);
        var causes = Lines(output).SkipWhile(line => line != "Problems by cause").Skip(1).ToList();
        Assert.Equal("  error    sign-in-refused  2: acronis/default, backupnet/default", causes[0]);
        Assert.StartsWith("           -> Check them in the vault", causes[1], StringComparison.Ordinal);
        Assert.StartsWith("Found 2 errors; ", causes[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_has_the_causes_too()
    {
        var (_, output, _) = await CheckAsync(
            new() { ["EmbeddedVault__Secrets__acronis_default_client_secret"] = SuiteLog.Guard(WrongSecret) },
            "acronis",
            "--problems-only",
            "--json"
        );

        using var json = JsonDocument.Parse(output);
        var finding = Assert.Single(json.RootElement.GetProperty("findings").EnumerateArray());
        var cause = Assert.Single(json.RootElement.GetProperty("causes").EnumerateArray());
        Assert.Equal("sign-in-refused", finding.GetProperty("id").GetString());
        Assert.Equal("sign-in-refused", cause.GetProperty("id").GetString());
        Assert.Equal(
            ["acronis/default"],
            cause.GetProperty("subjects").EnumerateArray().Select(one => one.GetString())
        );
        Assert.Equal(finding.GetProperty("remedy").GetString(), cause.GetProperty("remedy").GetString());
        Assert.True(json.RootElement.GetProperty("counts").GetProperty("ok").GetInt32() > 5);
    }

    [Fact]
    public async Task A_refused_credential_exits_with_2_its_remedy_and_a_line_to_copy()
    {
        var (exitStatus, output, _) = await CheckAsync(
            new() { ["EmbeddedVault__Secrets__acronis_default_client_secret"] = SuiteLog.Guard(WrongSecret) },
            "acronis"
        );

        Assert.Equal(2, exitStatus);
        var at = Lines(output)
            .ToList()
            .FindIndex(line =>
                line.StartsWith("  error    sign-in-refused  acronis/default: ", StringComparison.Ordinal)
            );
        Assert.Equal(
            "           -> Check them in the vault, and that the client or account is enabled at the vendor. "
                + "A new version in the vault is tried at once. Set it for LocalHost's embedded vault:",
            Lines(output)[at + 1]
        );
        Assert.Equal(
            "           EmbeddedVault__Secrets__acronis_default_client_secret=<its value>",
            Lines(output)[at + 2]
        );
        Assert.DoesNotContain(WrongSecret, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_emulators_in_another_process_no_setting_is_suggested_that_would_stop_the_start()
    {
        await using var suite = await EmulatorSuite.StartAsync();
        suite.Vault.Secrets.Delete("acronis-default-client-secret");
        var settings = suite
            .ClientSettings()
            .ToDictionary(setting => setting.Key, setting => setting.Value, StringComparer.Ordinal);

        var (exitStatus, output, _) = await CheckAsync(settings, "acronis");

        Assert.Equal(2, exitStatus);
        Assert.Contains("           -> Save it in the vault; the next call reads it.", Lines(output));
        Assert.DoesNotContain("EmbeddedVault", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "Connections__Acronsi__default__ClientId",
        "x",
        "  error    setting-unknown  Connections:Acronsi is not a known vendor."
    )]
    [InlineData(
        "Connections__Acronis__default__DataCenterUrl",
        "http://203.0.113.10",
        "  error    connection-misconfigured  acronis/default: Connections:Acronis:default:DataCenterUrl must begin "
            + "with https:// (http:// is accepted for a loopback address alone)."
    )]
    [InlineData(
        "KeyVault__VaultUri",
        "http://127.0.0.1:1",
        "  error    setting-refused  KeyVault:VaultUri must begin with https://."
    )]
    [InlineData("EmbeddedVault__Secret__x", "y", "  error    setting-refused  EmbeddedVault:Secret is not a setting.")]
    public async Task A_bad_setting_is_a_finding_among_the_others(string name, string value, string line)
    {
        var (exitStatus, output, error) = await CheckAsync(new() { [name] = value });

        Assert.Equal((2, ""), (exitStatus, error));
        Assert.Contains(line, Lines(output));
        Assert.Contains("Connections", Lines(output));
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public async Task A_settings_file_may_begin_with_a_byte_order_mark(string encoding)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            file,
            """{"Values":{"Connections__Acronsi__x":"1"}}""",
            Encoding.GetEncoding(encoding)
        );
        try
        {
            var (_, output, _) = await InvokeAsync("check", "--settings", file, "--no-sign-in");

            Assert.Contains("Connections:Acronsi", output, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_settings_file_that_cannot_be_read_is_a_finding()
    {
        var (exitStatus, output, _) = await InvokeAsync("check", "--settings", "/no/such/file");

        Assert.Equal(2, exitStatus);
        Assert.Contains("setting-refused  --settings /no/such/file cannot be read.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_output_is_one_document_and_nothing_else()
    {
        var (exitStatus, output, error) = await CheckAsync(
            new() { ["Connections__Acronsi__default__ClientId"] = "x" },
            "--json"
        );

        var report = JsonDocument.Parse(output).RootElement;
        Assert.Equal((2, ""), (exitStatus, error));
        Assert.Equal(2, report.GetProperty("exit_status").GetInt32());
        var finding = report
            .GetProperty("findings")
            .EnumerateArray()
            .Single(finding => finding.GetProperty("level").GetString() == "error");
        Assert.Equal(
            ("setting-unknown", "settings", "Connections:Acronsi"),
            (Text(finding, "id"), Text(finding, "group"), Text(finding, "subject"))
        );
        Assert.StartsWith("The vendors are", Text(finding, "remedy"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("check", "nobody")]
    [InlineData("check", "--no-such-option")]
    [InlineData("check", "acronis", "con-toso")]
    [InlineData("check", "acronis", "default", "surplus")]
    [InlineData("check", "--settings")]
    public async Task A_bad_command_line_exits_with_3_and_prints_no_report(params string[] words)
    {
        var (exitStatus, output, error) = await InvokeAsync(words);

        Assert.Equal(3, exitStatus);
        Assert.NotEmpty(error);
        Assert.DoesNotContain("settings-good", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_lists_the_exit_statuses_and_every_option()
    {
        var (exitStatus, output, _) = await InvokeAsync("check", "--help");

        Assert.Equal(0, exitStatus);
        Assert.All(
            [
                "0 all well, 1 warnings only, 2 errors, 3 did not run",
                "--no-sign-in",
                "--probe-save",
                "--json",
                "--own-the-vault",
                "<vendor>",
                "<connection>",
            ],
            words => Assert.Contains(words, output, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Ctrl_c_exits_with_130()
    {
        using var pressed = new CancellationTokenSource();
        await pressed.CancelAsync();
        using var output = new StringWriter();
        using var error = new StringWriter();

        var exitStatus = await LocalHostCommand
            .Create()
            .Parse(["check"])
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = error }, pressed.Token);

        Assert.Equal(
            (130, "", "The check was stopped before it finished."),
            (exitStatus, output.ToString(), error.ToString().Trim())
        );
    }

    [Fact]
    public void A_terminal_shows_good_findings_joined_and_a_command_on_one_line()
    {
        var command =
            $"az keyvault secret set --vault-name contoso-backup --name {new string('n', 100)} --file secret.txt";
        Finding Good(string sentence) => new(new FindingType("any", FindingLevel.Ok), "acronis/default", sentence);
        var bad = new Finding(
            new FindingType("any", FindingLevel.Error),
            "veeam/[berlin]",
            "It is broken, in a sentence that is so long that it is broken at the width of the terminal.",
            "Fix it.",
            command
        );
        var report = new CheckReport(
            default,
            TimeSpan.FromSeconds(1.5),
            [(CheckGroup.Credentials, [Good("One is there."), Good("Two is there."), bad])]
        );
        using var output = new StringWriter();
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output), Ansi = AnsiSupport.No }
        );
        console.Profile.Width = 80;

        CheckTable.Write(report, problemsOnly: false, console, output);

        var lines = Lines(output.ToString());
        Assert.Contains("Credentials", lines);
        Assert.Contains(lines, line =>
            line.TrimEnd().EndsWith("acronis/default  One is there. Two is there.", StringComparison.Ordinal)
        );
        Assert.Contains(lines, line => line.Contains("veeam/[berlin]", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.TrimEnd().EndsWith("→ Fix it.", StringComparison.Ordinal));
        Assert.Contains($"    {command}", lines);
        Assert.All(lines.Where(line => !line.Contains("az keyvault", StringComparison.Ordinal)), line =>
            Assert.InRange(line.Length, 0, 80)
        );
        Assert.Contains("Found 1 error; 2 checks passed, in 1.5 s.", lines[^1], StringComparison.Ordinal);
    }

    private static async Task<(int ExitStatus, string Output, string Error)> CheckAsync(
        Dictionary<string, string>? settings,
        params string[] words
    )
    {
        using var file = new TemporaryFile(JsonSerializer.Serialize(new { Values = settings ?? [] }));
        return await InvokeAsync(["check", "--settings", file.Path, .. words]);
    }

    private static async Task<(int ExitStatus, string Output, string Error)> InvokeAsync(params string[] words)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitStatus = await LocalHostCommand.RunAsync(
            words,
            new InvocationConfiguration { Output = output, Error = error }
        );
        return (exitStatus, output.ToString(), error.ToString());
    }

    private static string Text(JsonElement finding, string name) => finding.GetProperty(name).GetString()!;

    private static string[] Lines(string output) => output.TrimEnd().ReplaceLineEndings("\n").Split('\n');
}
