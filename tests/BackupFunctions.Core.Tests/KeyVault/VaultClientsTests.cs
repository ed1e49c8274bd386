using System.Net;
using System.Net.Sockets;
using Azure;
using Azure.Identity;
using Azure.Security.KeyVault.Secrets;
using BackupFunctions.AzureSdk;
using BackupFunctions.Clocks;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Core.Tests.SignIn;
using BackupFunctions.Emulators;
using BackupFunctions.KeyVault;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.KeyVault;

/// <summary>The way to a vault over a real network.</summary>
public sealed class VaultClientsTests
{
    private const string Name = "acronis-default-client-secret";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("https://127.0.0.1:8443", false)]
    [InlineData("https://localhost:8443", false)]
    [InlineData("https://contoso.vault.azure.net", true)]
    [InlineData("https://10.0.0.4", true)]
    public void Only_a_vault_on_loopback_is_signed_in_at_with_nothing_of_value(string vault, bool isReal)
    {
        var credential = VaultClients.CreateCredential(new Uri(vault));

        Assert.Equal(isReal, credential is DefaultAzureCredential);
    }

    [Fact]
    public async Task A_self_signed_certificate_is_accepted_on_loopback()
    {
        await using var suite = await EmulatorSuite.StartAsync();

        var secret = await Client(suite.Vault.BaseAddress, isLoopback: true)
            .GetSecretAsync(Name, cancellationToken: Cancel);

        Assert.NotEmpty(secret.Value.Value);
    }

    [Fact]
    public async Task A_self_signed_certificate_is_refused_elsewhere_and_named_as_the_reason()
    {
        await using var suite = await EmulatorSuite.StartAsync();

        var failure = await FailureAsync(Client(suite.Vault.BaseAddress, isLoopback: false));

        Assert.Equal(FailureKind.VaultUnavailable, failure.Kind);
        Assert.Contains(
            "signed by an authority that this host does not trust",
            failure.Problem,
            StringComparison.Ordinal
        );
        Assert.Contains("proxy", failure.Remedy, StringComparison.Ordinal);
        Assert.Equal(0, suite.Vault.Counters.Total);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_of_a_vault_is_not_followed(int status)
    {
        await using var suite = await EmulatorSuite.StartAsync();
        var elsewhere = new Uri(suite.Vault.BaseAddress, "secrets/backupnet-default-client-secret?api-version=7.6");
        suite.Vault.Faults.Add(Endpoints.Get, Fault.Redirect(elsewhere, status), times: 1);

        var thrown = await Assert.ThrowsAsync<RequestFailedException>(() =>
            Client(suite.Vault.BaseAddress, isLoopback: true).GetSecretAsync(Name, cancellationToken: Cancel)
        );

        Assert.Equal((status, 1), (thrown.Status, suite.Vault.Counters[Endpoints.Get]));
    }

    [Fact]
    public async Task A_vault_whose_name_is_not_known_is_named_so()
    {
        var failure = await FailureAsync(Client(new Uri("https://contoso.invalid"), isLoopback: false));

        Assert.Equal(
            (FailureKind.VaultUnavailable, "The vault cannot be reached. DNS does not know contoso.invalid."),
            (failure.Kind, failure.Problem)
        );
        Assert.Contains("DNS", failure.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_vault_that_refuses_the_connection_is_named_so()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var closed = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        var failure = await FailureAsync(Client(new Uri($"https://127.0.0.1:{closed}"), isLoopback: true));

        Assert.Equal(
            $"The vault cannot be reached. Could not connect to 127.0.0.1:{closed}: connection refused.",
            failure.Problem
        );
    }

    [Fact]
    public async Task A_server_that_does_not_speak_TLS_is_named_so()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync(listener);

        var server = $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

        var failure = await FailureAsync(Client(new Uri($"https://{server}"), isLoopback: true));
        listener.Stop();
        await serving;

        Assert.Equal(
            $"The vault cannot be reached. The TLS handshake with {server} failed: it showed no certificate.",
            failure.Problem
        );
    }

    private static async Task ServeAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(Cancel);
                client.Close();
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private static Task<TokenFailure> FailureAsync(SecretClient client) =>
        Bench.FailureAsync(() =>
            BackupFunctions.KeyVault.VaultCall.RunAsync(
                client,
                () => client.GetSecretAsync(Name, cancellationToken: Cancel),
                isExpected: null,
                Cancel
            )
        );

    private static SecretClient Client(Uri vault, bool isLoopback)
    {
        var network = VaultClients.CreateNetwork(isLoopback);
        network.UseProxy = false;
        var options = VaultClients.CreateOptions(vault, new HostClock(TimeProvider.System), network);
        options.RetryPolicy = new BoundedRetryPolicy(TimeProvider.System, delays: new NoDelay());
        options.DisableChallengeResourceVerification = true;
        return new SecretClient(vault, new AnyTokenCredential(), options);
    }
}
