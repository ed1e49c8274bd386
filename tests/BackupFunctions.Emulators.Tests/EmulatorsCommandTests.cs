using System.CommandLine;
using System.Net;
using System.Net.Sockets;

namespace BackupFunctions.Emulators.Tests;

public sealed class EmulatorsCommandTests
{
    [Fact]
    public async Task Help_names_the_options()
    {
        var (code, output, _) = await RunAsync("--help");

        Assert.Equal(0, code);
        Assert.Contains("--first-port", output, StringComparison.Ordinal);
        Assert.Contains("--separate-token-vault", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--fist-port", "9000")]
    [InlineData("serve")]
    [InlineData("--first-port", "65535")]
    [InlineData("--first-port", "0")]
    [InlineData("--first-port", "x")]
    public async Task What_it_does_not_know_is_an_error(params string[] arguments)
    {
        var (code, _, error) = await RunAsync(arguments);

        Assert.NotEqual(0, code);
        Assert.Contains(arguments[^1] == "serve" ? "serve" : "port", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_port_is_named_with_a_way_out()
    {
        using var blocker = new TcpListener(IPAddress.Loopback, 0);
        blocker.Start();
        var taken = ((IPEndPoint)blocker.LocalEndpoint).Port;

        var (code, _, error) = await RunAsync("--first-port", $"{taken}");

        Assert.Equal(1, code);
        Assert.Contains("--first-port", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_table_says_what_runs_where_and_how_a_client_finds_it()
    {
        await using var suite = await EmulatorSuite.StartAsync(
            Station.Options(out _),
            TestContext.Current.CancellationToken
        );

        var table = EmulatorTable.Of(suite);

        Assert.All(suite.Emulators, emulator =>
            Assert.Contains($"{emulator.Name, -18}{emulator.BaseAddress}", table, StringComparison.Ordinal)
        );
        var lines = table.ReplaceLineEndings("\n").Split('\n');
        Assert.Contains($"export KeyVault__VaultUri='{suite.Vault.BaseAddress}'", lines);
        Assert.Contains($"$env:KeyVault__VaultUri = '{suite.Vault.BaseAddress}'", lines);
        Assert.Contains(
            $"export Connections__Veeam__default__ServerCertificateSha256='{suite.Veeam.CertificateSha256}'",
            lines
        );
        Assert.DoesNotContain(suite.Credentials.VeeamPassword, table, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_table_names_the_plain_address_of_veeam()
    {
        var options = Station.Options(out _);
        options.Ports = EmulatorPorts.Free with { VeeamPlain = 0 };
        await using var suite = await EmulatorSuite.StartAsync(options, TestContext.Current.CancellationToken);

        var table = EmulatorTable.Of(suite);

        Assert.Contains($"{"veeam, plain", -18}{suite.VeeamPlainAddress}", table, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        var code = await EmulatorsCommand
            .Create()
            .Parse(arguments)
            .InvokeAsync(
                new InvocationConfiguration { Output = output, Error = error },
                TestContext.Current.CancellationToken
            );

        return (code, output.ToString(), error.ToString());
    }
}
