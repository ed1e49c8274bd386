using System.Net.Http.Json;
using BackupFunctions.Connections;
using BackupFunctions.Emulators;
using BackupFunctions.SignIn;
using BackupFunctions.SignIn.Transport;
using BackupFunctions.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace BackupFunctions.LocalHost.Tests;

/// <summary>End-to-end enrolment of a Veeam account with MFA whose TOTP secret is not in the vault.</summary>
public sealed class EnrolmentTests
{
    [Theory]
    [InlineData("veeam")]
    [InlineData("veeam-vspc")]
    public async Task A_person_enrols_an_account_once_and_the_refresh_token_does_the_rest(string vendor)
    {
        await using var host = await StartAsync(vendor);
        var emulator = EmulatorOf(host, vendor);
        var before = await host.GetTokenAsync(vendor);

        using var enrolled = await EnrolAsync(host, await CodeAsync(host, vendor), vendor);
        var token = await host.GetTokenAsync(vendor);
        var renewed = await host.GetTokenAsync($"{vendor}?rejected={token.Fingerprint}");

        Assert.Equal((424, "enrolment-needed"), (before.Status, before.Problem));
        Assert.Contains($"POST /api/Enroll/{vendor}/default", before.Text("detail"), StringComparison.Ordinal);
        Assert.Equal(200, (int)enrolled.StatusCode);
        Assert.Contains(token.Fingerprint, await enrolled.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(200, renewed.Status);
        Assert.Equal(1, emulator.SignIns);
        Assert.True(
            emulator.IsLiveRefreshToken(host.Emulators.Vault.Secrets.Get($"{vendor}-default-refresh-token")!.Value)
        );
    }

    [Fact]
    public async Task A_wrong_code_is_424_and_the_next_one_may_follow_at_once()
    {
        await using var host = await StartAsync();

        using var wrong = await EnrolAsync(host, "000000");
        using var right = await EnrolAsync(host, await CodeAsync(host));

        Assert.Equal(424, (int)wrong.StatusCode);
        var problem = await wrong.Content.ReadAsStringAsync();
        Assert.Contains("credentials-refused", problem, StringComparison.Ordinal);
        Assert.Contains("not the one-time code", problem, StringComparison.Ordinal);
        Assert.Equal((200, 1), ((int)right.StatusCode, host.Emulators.Veeam.RefusedCodes));
    }

    private static async Task<RunningHost> StartAsync(string vendor = "veeam")
    {
        var host = await RunningHost.StartAsync();
        host.Emulators.Vault.Secrets.Delete($"{vendor}-default-totp-secret");
        return host;
    }

    private static VeeamEmulator EmulatorOf(RunningHost host, string vendor) =>
        host.Emulators.Emulators.OfType<VeeamEmulator>().Single(emulator => emulator.Name == vendor);

    /// <summary>The code in the person's authenticator app.</summary>
    private static async Task<string> CodeAsync(RunningHost host, string vendor = "veeam")
    {
        var app = new OneTimeCodes(host.Services.GetRequiredService<VendorClocks>(), TimeProvider.System);
        var emulator = EmulatorOf(host, vendor);
        var (_, code) = await app.NextAsync(
            new ConnectionKey(vendor, "default"),
            emulator.BaseAddress,
            new SecretText(emulator.TotpSecret),
            usedElsewhere: null,
            CancellationToken.None
        );
        return code;
    }

    private static Task<HttpResponseMessage> EnrolAsync(RunningHost host, string code, string vendor = "veeam") =>
        host.Client.PostAsJsonAsync($"/api/Enroll/{vendor}", new { code });
}
