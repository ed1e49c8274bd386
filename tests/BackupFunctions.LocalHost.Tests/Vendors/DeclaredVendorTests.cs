using System.Text.Json;
using BackupFunctions.Emulators;
using BackupFunctions.Sweeps;
using BackupFunctions.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace BackupFunctions.LocalHost.Tests.Vendors;

/// <summary>
/// A vendor that only a settings file names, at a server that this project did not write: the npm package
/// oidc-provider.
/// </summary>
public sealed class DeclaredVendorTests
{
    private const string Scope = "backup.read";

    /// <summary>What form-encoding changes.</summary>
    private const string Secret = "a secret + with / signs % and =";

    [Theory]
    [InlineData("BasicEncoded")]
    [InlineData("Body")]
    public async Task A_file_of_25_lines_declares_it(string authentication)
    {
        var client =
            authentication == "Body"
                ? OidcClient.WithSecretInBody("portal", Secret)
                : OidcClient.WithSecretInHeader("portal", Secret);
        await using var server = await StartAsync(client);
        var file = File(server, authentication, ("northwind_default_client_secret", Secret));
        Assert.InRange(file.Split('\n').Length, 1, 25);
        await using var host = await RunningHost.StartAsync(settingsFile: file);

        var reply = await host.GetTokenAsync("northwind");
        var renewed = await RenewAsync(host);

        Assert.Equal((200, "northwind"), (reply.Status, reply.Text("vendor")));
        Assert.Equal("2", reply.Body.GetProperty("headers").GetProperty("x-api-version").GetString());
        Assert.Equal(
            [401, 403],
            reply.Body.GetProperty("rejected_statuses").EnumerateArray().Select(one => one.GetInt32())
        );
        Assert.True(await server.IsLiveAsync(reply.AccessToken));
        Assert.True(renewed);
        Assert.Equal(1, (await server.CountersAsync()).Granted);
    }

    [Fact]
    public async Task It_can_sign_its_requests_with_a_certificate()
    {
        using var certificate = EmulatedCredentials.NewCertificate(TimeProvider.System, "CN=northwind");
        await using var server = await StartAsync(OidcClient.WithCertificate("portal", certificate));
        var secret = EmulatedCredentials.CertificateSecret("northwind-default", certificate).Value;
        var file = File(server, "PrivateKeyJwt", ("northwind_default", secret));
        await using var host = await RunningHost.StartAsync(settingsFile: file);

        var reply = await host.GetTokenAsync("NORTHWIND");

        Assert.Equal(200, reply.Status);
        Assert.True(await server.IsLiveAsync(reply.AccessToken));
    }

    [Fact]
    public async Task It_is_like_any_built_in_vendor()
    {
        await using var server = await StartAsync(OidcClient.WithSecretInBody("portal", Secret));
        var file = File(server, "Body", ("northwind_default_client_secret", Secret));
        await using var host = await RunningHost.StartAsync(settingsFile: file);

        using var check = await host.Client.PostAsync("/api/Check?vendor=northwind", content: null);
        var findings = List(await check.Content.ReadAsStringAsync(), "findings");
        var status = List(await host.Client.GetStringAsync("/api/status"), "connections");
        var vendors = List(await host.Client.GetStringAsync("/api/connections"), "vendors");

        Assert.Contains(findings, finding => Text(finding, "id") == "sign-in-good");
        Assert.Contains(findings, finding => Text(finding, "id") == "api-call-good");
        Assert.DoesNotContain(findings, finding => Text(finding, "level") is "warning" or "error");
        var connection = Assert.Single(status, connection => Text(connection, "vendor") == "northwind");
        Assert.Equal("healthy", Text(connection, "state"));
        Assert.Contains(vendors, vendor => Text(vendor, "display_name") == "Northwind Backup");
    }

    [Fact]
    public async Task A_removed_vendor_leaves_its_tokens_where_they_are_and_its_connections_unknown()
    {
        await using var server = await StartAsync(OidcClient.WithSecretInBody("portal", Secret));
        await using var suite = await EmulatorSuite.StartAsync();
        suite.Credentials.Guarded();
        suite.Vault.Secrets.Set("northwind-default-client-secret", Secret);
        var values = suite.ClientSettings().Append(Setting("Connections:Northwind:default:ClientId", "portal"));
        string token;
        await using (var before = await RunningHost.StartAsync(settingsFile: File(server, "Body", values)))
        {
            token = (await before.GetTokenAsync("northwind")).AccessToken;
        }

        // Connections of an unknown vendor are unknown settings, with which this host does not start.
        var left = suite.ClientSettings().ToDictionary(one => one.Key, one => one.Value, StringComparer.Ordinal);
        await using var after = await RunningHost.StartAsync(left);
        var reply = await after.GetTokenAsync("northwind");

        Assert.Equal((404, "unknown-vendor"), (reply.Status, reply.Problem));
        Assert.Equal(token, suite.Vault.Secrets.Get("northwind-default-access-token")!.Value);
    }

    [Fact]
    public async Task A_token_of_the_old_server_is_not_served_for_the_new_one()
    {
        await using var first = await StartAsync(OidcClient.WithSecretInBody("portal", Secret));
        await using var second = await StartAsync(OidcClient.WithSecretInBody("portal", Secret));
        await using var suite = await EmulatorSuite.StartAsync();
        suite.Credentials.Guarded();
        suite.Vault.Secrets.Set("northwind-default-client-secret", Secret);
        var values = suite
            .ClientSettings()
            .Append(Setting("Connections:Northwind:default:ClientId", "portal"))
            .ToList();

        var tokens = new List<string>();
        foreach (var server in new[] { first, second })
        {
            // The API stays where it is: the server that issues tokens moves.
            var file = File(server, "Body", values, ("Api", "https://api.northwind.example"));
            await using var host = await RunningHost.StartAsync(settingsFile: file);
            tokens.Add((await host.GetTokenAsync("northwind")).AccessToken);
        }

        Assert.NotEqual(tokens[0], tokens[1]);
        Assert.True(await second.IsLiveAsync(tokens[1]));
        Assert.False(await second.IsLiveAsync(tokens[0]));
    }

    [Fact]
    public async Task A_static_key_is_tried_by_check_and_given_to_nobody()
    {
        await using var host = await RunningHost.StartAsync(
            new Dictionary<string, string>
            {
                ["Vendors__Northwind__Flow"] = "StaticKey",
                ["Vendors__Northwind__KeyHeader"] = "x-api-key",
                ["Connections__Northwind__default__BaseUrl"] = "https://127.0.0.1:1",
                ["EmbeddedVault__Secrets__northwind_default_api_key"] = SuiteLog.Guard("the-static-key-of-northwind"),
            }
        );

        var reply = await host.GetTokenAsync("northwind");
        using var refresh = await host.Client.PostAsync("/api/Refresh/northwind", content: null);
        var renewed = await RenewAsync(host);
        var status = List(await host.Client.GetStringAsync("/api/status"), "connections");

        Assert.Equal((424, "no-tokens"), (reply.Status, reply.Problem));
        Assert.Equal(424, (int)refresh.StatusCode);
        Assert.True(renewed);
        Assert.Equal(
            "It has a static key, and needs no token.",
            Text(status.Single(connection => Text(connection, "vendor") == "northwind"), "summary")
        );
    }

    [Fact]
    public void No_source_names_it() =>
        Assert.DoesNotContain(
            Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories),
            path => System.IO.File.ReadAllText(path).Contains("northwind", StringComparison.OrdinalIgnoreCase)
        );

    private static Task<OidcProviderServer> StartAsync(OidcClient client) =>
        OidcProviderServer.StartAsync(new OidcProviderOptions { Clients = [client], Scopes = [Scope] });

    private static async Task<bool> RenewAsync(RunningHost host)
    {
        // Throws if a connection fails.
        await host.Services.GetRequiredService<RefreshSweep>().RunTimerAsync("Catalogue", CancellationToken.None);
        return true;
    }

    private static string File(OidcProviderServer server, string authentication, (string Name, string Value) secret) =>
        $$"""
            {
              "Vendors": {
                "Northwind": {
                  "DisplayName": "Northwind Backup",
                  "Server": "{{server.Issuer}}",
                  "Authentication": "{{authentication}}",
                  "Scope": "{{Scope}}",
                  "Headers": { "x-api-version": "2" },
                  "RejectedStatuses": "401, 403",
                  "HarmlessCall": "GET counters"
                }
              },
              "Values": {
                "Connections__Northwind__default__ClientId": "portal",
                "EmbeddedVault__Secrets__{{secret.Name}}": "{{secret.Value}}"
              }
            }
            """;

    private static string File(
        OidcProviderServer server,
        string authentication,
        IEnumerable<KeyValuePair<string, string>> values,
        params (string Name, string Value)[] fields
    )
    {
        var vendor = new Dictionary<string, string>
        {
            ["Server"] = server.Issuer.ToString(),
            ["Authentication"] = authentication,
            ["Scope"] = Scope,
        };
        foreach (var (name, value) in fields)
            vendor[name] = value;
        return JsonSerializer.Serialize(
            new
            {
                Vendors = new Dictionary<string, object> { ["Northwind"] = vendor },
                Values = values.ToDictionary(value => value.Key, value => value.Value, StringComparer.Ordinal),
            }
        );
    }

    private static KeyValuePair<string, string> Setting(string key, string value) => new(key, value);

    private static List<JsonElement> List(string json, string name) =>
        [.. JsonDocument.Parse(json).RootElement.GetProperty(name).EnumerateArray()];

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
