using BackupFunctions.Emulators;
using BackupFunctions.KillTests;

namespace BackupFunctions.LocalHost.Tests.Killing;

/// <summary>LocalHost as a process that is asked to stop while the vault takes nothing.</summary>
public sealed class TerminatedProcessTests
{
    [Fact]
    public async Task A_refresh_token_is_saved_although_the_vault_is_back_only_seconds_after_SIGTERM()
    {
        await using var suite = await EmulatorSuite.StartAsync();
        suite.Veeam.MfaRequired = false;
        await using var victim = await Victim.StartAsync(KillLane.SettingsOf(suite, storage: null));
        suite.Vault.Faults.Add(Endpoints.Set, Fault.Status(503));
        await victim.GetTokenAsync();

        // Each try of the vault's client is up to three requests: several tries after the signal have failed by then.
        var saves = suite.Vault.Counters[Endpoints.Set];
        var exit = victim.TerminateAsync();
        await suite.Vault.Counters.WaitForAsync(Endpoints.Set, saves + 13, TestContext.Current.CancellationToken);
        var wasSavedBefore = suite.Vault.Secrets.Get(Evidence.RefreshTokenName) is not null;
        suite.Vault.Faults.Clear();

        Assert.Equal(0, await exit.WaitAsync(LocalHostProcess.Patience, TestContext.Current.CancellationToken));
        Assert.False(wasSavedBefore);
        Assert.True(suite.Veeam.IsLiveRefreshToken(suite.Vault.Secrets.Get(Evidence.RefreshTokenName)!.Value));
        Assert.NotNull(suite.Vault.Secrets.Get(Evidence.AccessTokenName));
    }
}
