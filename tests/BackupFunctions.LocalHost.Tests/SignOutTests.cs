using System.Text.Json;
using BackupFunctions.Emulators;

namespace BackupFunctions.LocalHost.Tests;

/// <summary>Sign-out, end to end.</summary>
public sealed class SignOutTests
{
    [Theory]
    [InlineData("veeam", true)]
    [InlineData("backupnet", true)]
    [InlineData("avepoint", true)]
    [InlineData("acronis", false)]
    public async Task A_sign_out_ends_the_session_if_the_vendor_can_and_removes_the_tokens_until_an_operator_signs_in(
        string vendor,
        bool ends
    )
    {
        await using var host = await RunningHost.StartAsync();
        host.Emulators.BackupNet.RevokesTokens = host.Emulators.AvePoint.RevokesTokens = true;
        // A second sign-in with a code would have to wait for the next one, half a minute at worst.
        host.Emulators.Veeam.MfaRequired = false;
        var token = await host.GetTokenAsync(vendor);
        var emulator = (VendorEmulator)host.Emulators.Emulators.Single(one => one.Name == vendor);

        using var revoked = await host.Client.PostAsync($"/api/Revoke/{vendor}/default", null);
        var after = await host.GetTokenAsync(vendor);
        var secretsAfter = host
            .Emulators.Vault.Secrets.Names.Where(name =>
                name.StartsWith($"{vendor}-default", StringComparison.Ordinal)
                && name.EndsWith("token", StringComparison.Ordinal)
            )
            .ToList();
        using var refreshed = await host.Client.PostAsync($"/api/Refresh/{vendor}", null);
        var again = await host.GetTokenAsync(vendor);

        var body = JsonDocument.Parse(await revoked.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(
            (200, "signed-out", ends),
            (
                (int)revoked.StatusCode,
                body.GetProperty("state").GetString(),
                body.GetProperty("ended_at_vendor").GetBoolean()
            )
        );
        Assert.Equal(!ends, emulator.IsLive(token.AccessToken));
        Assert.Equal((424, "signed-out"), (after.Status, after.Problem));
        Assert.Empty(secretsAfter);
        Assert.Equal((200, 200), ((int)refreshed.StatusCode, again.Status));
        Assert.Equal(again.AccessToken, host.Emulators.Vault.Secrets.Get($"{vendor}-default-access-token")!.Value);
    }

    [Fact]
    public async Task The_status_shows_a_connection_in_the_vault()
    {
        await using var host = await RunningHost.StartAsync();
        await host.GetTokenAsync("veeam");
        (await host.Client.PostAsync("/api/Revoke/veeam/default", null)).Dispose();

        var status = JsonDocument
            .Parse(await host.Client.GetStringAsync("/api/status"))
            .RootElement.GetProperty("connections")
            .EnumerateArray()
            .Single(one => one.GetProperty("vendor").GetString() == "veeam");

        Assert.Equal("signed-out", status.GetProperty("state").GetString());
        Assert.NotNull(status.GetProperty("signed_out_at").GetString());
        Assert.Null(status.GetProperty("expires_at").GetString());
    }
}
