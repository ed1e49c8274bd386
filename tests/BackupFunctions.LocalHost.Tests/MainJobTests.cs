using System.Globalization;
using BackupFunctions.Emulators;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;
using Microsoft.Extensions.Time.Testing;

namespace BackupFunctions.LocalHost.Tests;

/// <summary>The main job end to end: settings, vault, sign-in over HTTP, save, reply.</summary>
public sealed class MainJobTests
{
    public static TheoryData<string> Vendors { get; } = [.. VendorProfiles.BuiltIn.Select(vendor => vendor.Name)];

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task A_live_token_comes_with_every_field_of_the_contract(string vendor)
    {
        await using var host = await RunningHost.StartAsync();

        var reply = await host.GetTokenAsync(vendor);

        Assert.Equal((200, "application/json", "no-store"), (reply.Status, reply.ContentType, reply.CacheControl));
        Assert.Equal(
            [
                "vendor",
                "connection",
                "token_type",
                "access_token",
                "authorization",
                "expires_in",
                "expires_at",
                "base_url",
                "fingerprint",
                "headers",
                "rejected_statuses",
            ],
            reply.Body.EnumerateObject().Select(member => member.Name)
        );
        Assert.Equal(
            (vendor, "default", "Bearer"),
            (reply.Text("vendor"), reply.Text("connection"), reply.Text("token_type"))
        );
        Assert.Equal($"Bearer {reply.AccessToken}", reply.Text("authorization"));
        Assert.Equal(Fingerprint.Of(reply.AccessToken), reply.Fingerprint);
        Assert.Matches("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$", reply.Text("expires_at"));
        var emulator = Emulator(host, vendor);
        Assert.True(emulator.IsLive(reply.AccessToken));
        Assert.InRange(
            reply.ExpiresIn,
            (emulator.TokenLifetime - TimeSpan.FromMinutes(1)).TotalSeconds,
            emulator.TokenLifetime.TotalSeconds
        );
        Assert.Equal(emulator.BaseAddress.AbsoluteUri.TrimEnd('/'), reply.Text("base_url"));
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task A_second_call_asks_neither_the_vendor_nor_the_vault(string vendor)
    {
        // No timer of the host runs meanwhile.
        await using var host = await RunningHost.StartAsync(time: new FakeTimeProvider(TestTime.Noon));
        var first = await host.GetTokenAsync(vendor);
        var before = host.Calls();

        var second = await host.GetTokenAsync(vendor, HttpMethod.Post);

        Assert.Equal(first.AccessToken, second.AccessToken);
        Assert.Equal(before, host.Calls());
        Assert.Equal(
            Emulator(host, vendor) is VeeamEmulator { MfaRequired: true } ? 2 : 1,
            Emulator(host, vendor).Counters["token"]
        );
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task The_token_is_in_the_vault_as_the_layout_says(string vendor)
    {
        await using var host = await RunningHost.StartAsync();

        var reply = await host.GetTokenAsync(vendor);

        var secret = host.Emulators.Vault.Secrets.Get($"{vendor}-default-access-token")!;
        Assert.Equal(reply.AccessToken, secret.Value);
        Assert.Equal("application/vnd.oauth.access-token", secret.ContentType);
        Assert.Equal(
            reply.Text("expires_at"),
            secret.ExpiresOn!.Value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
        );
        Assert.Equal(
            (vendor, "default", reply.Fingerprint),
            (secret.Tags["vendor"], secret.Tags["connection"], secret.Tags["fingerprint"])
        );
        Assert.Equal(1, host.Emulators.Vault.Secrets.WritesOf(secret.Name));
        Assert.Equal(
            Emulator(host, vendor) is VeeamEmulator,
            host.Emulators.Vault.Secrets.Names.Contains($"{vendor}-default-refresh-token")
        );
        Assert.True(Emulator(host, vendor).IsLive(secret.Value));
    }

    [Fact]
    public async Task A_thousand_first_calls_at_once_make_one_vendor_call()
    {
        await using var host = await RunningHost.StartAsync();

        var replies = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => host.GetTokenAsync("acronis")));

        Assert.All(replies, reply => Assert.Equal(200, reply.Status));
        Assert.Single(replies.Select(reply => reply.AccessToken).Distinct());
        Assert.Equal(1, host.Emulators.Acronis.Counters["token"]);
    }

    [Fact]
    public async Task Text_plain_is_the_bare_token()
    {
        await using var host = await RunningHost.StartAsync();
        var json = await host.GetTokenAsync("backupnet");
        host.Client.DefaultRequestHeaders.Accept.ParseAdd("text/plain");

        using var response = await host.Client.GetAsync("/api/GetToken/backupnet");

        Assert.Equal("text/plain", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(json.AccessToken, await response.Content.ReadAsStringAsync());
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
    }

    [Fact]
    public async Task A_tenants_token_is_scoped_and_stays_out_of_the_vault()
    {
        await using var host = await RunningHost.StartAsync();
        var own = await host.GetTokenAsync("acronis");

        var scoped = await host.GetTokenAsync($"acronis?tenant={AcronisEmulator.DemoTenant}");
        var again = await host.GetTokenAsync($"acronis?tenant={AcronisEmulator.DemoTenant}");

        Assert.Equal(200, scoped.Status);
        Assert.NotEqual(own.AccessToken, scoped.AccessToken);
        Assert.Equal(scoped.AccessToken, again.AccessToken);
        Assert.True(host.Emulators.Acronis.IsLive(scoped.AccessToken));
        Assert.Equal(2, host.Emulators.Acronis.Counters["token"]);
        Assert.Equal(own.AccessToken, host.Emulators.Vault.Secrets.Get("acronis-default-access-token")!.Value);
    }

    [Fact]
    public async Task A_refused_tenant_leaves_the_connection_alone()
    {
        await using var host = await RunningHost.StartAsync();
        var own = await host.GetTokenAsync("acronis");

        var refused = await host.GetTokenAsync("acronis?tenant=00000000-0000-4000-8000-00000000abcd");
        var after = await host.GetTokenAsync("acronis");

        Assert.Equal((424, "tenant-refused"), (refused.Status, refused.Problem));
        Assert.Equal(own.AccessToken, after.AccessToken);
    }

    [Fact]
    public async Task A_base_token_that_the_vendor_revoked_is_replaced_before_a_tenant_is_refused()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 21, 0, 0, TimeSpan.Zero));
        await using var host = await RunningHost.StartAsync(time: time);
        var own = await host.GetTokenAsync("acronis");
        time.Advance(TimeSpan.FromMinutes(1));
        host.Emulators.Acronis.RevokeAllTokens();

        var scoped = await host.GetTokenAsync($"acronis?tenant={AcronisEmulator.DemoTenant}");
        var after = await host.GetTokenAsync("acronis");

        Assert.Equal(200, scoped.Status);
        Assert.True(host.Emulators.Acronis.IsLive(scoped.AccessToken));
        Assert.NotEqual(own.AccessToken, after.AccessToken);
        Assert.True(host.Emulators.Acronis.IsLive(after.AccessToken));
    }

    [Fact]
    public async Task A_connections_own_tenant_makes_its_stored_token_the_scoped_one()
    {
        await using var host = await RunningHost.StartAsync(
            new Dictionary<string, string>
            {
                ["Connections__Acronis__default__TenantId"] = AcronisEmulator.DemoTenant.ToString(),
            }
        );

        var reply = await host.GetTokenAsync("acronis");

        Assert.True(host.Emulators.Acronis.IsLive(reply.AccessToken));
        Assert.Equal(2, host.Emulators.Acronis.Counters["token"]);
        Assert.Equal(reply.AccessToken, host.Emulators.Vault.Secrets.Get("acronis-default-access-token")!.Value);
    }

    private static VendorEmulator Emulator(RunningHost host, string vendor) =>
        host.Emulators.Emulators.OfType<VendorEmulator>().Single(emulator => emulator.Name == vendor);
}
