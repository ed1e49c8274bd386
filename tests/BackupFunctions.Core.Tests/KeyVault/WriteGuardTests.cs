using BackupFunctions.Clocks;
using BackupFunctions.Connections;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Credentials;
using BackupFunctions.Emulators;
using BackupFunctions.KeyVault;
using BackupFunctions.State;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Core.Tests.KeyVault;

public sealed class WriteGuardTests
{
    private const string Put = "PUT /secrets/veeam-office-refresh-token";

    private static readonly Connection Office = new()
    {
        Vendor = VendorProfiles.Veeam,
        Key = new ConnectionKey("veeam", "office"),
        Server = new Uri("https://203.0.113.10"),
        Credential = new CredentialName("veeam-office-password"),
        TokenSecretName = "veeam-office-access-token",
    };

    private readonly TestTime _time = new() { TimersFireAtOnce = true };
    private readonly EmulatedVault _vault;
    private int _asked;

    public WriteGuardTests() => _vault = new EmulatedVault(_time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static RefreshToken Token =>
        new(SuiteLog.Guard("guarded-refresh-token"), TestTime.Noon, TestTime.Noon.AddDays(14));

    private static AccessToken Access =>
        new(SuiteLog.Guard("guarded-access-token"), null, TestTime.Noon, TestTime.Noon.AddHours(1));

    [Fact]
    public async Task A_write_is_not_sent_when_it_is_prevented()
    {
        var thrown = await Assert.ThrowsAsync<TokenException>(() => SaveAsync(Store(), allowed: 0));

        Assert.Equal(FailureKind.BackingOff, thrown.Failure.Kind);
        Assert.Empty(_vault.Calls);
    }

    [Fact]
    public async Task A_write_that_the_client_repeats_after_an_answer_is_asked_for_again()
    {
        _vault.Faults.Add(Endpoints.Set, Fault.Status(429), times: 2);

        var thrown = await Assert.ThrowsAsync<TokenException>(() => SaveAsync(Store(retries: 2), allowed: 2));

        Assert.Equal((FailureKind.BackingOff, 3), (thrown.Failure.Kind, _asked));
        Assert.Equal([Put, Put], _vault.Calls);
        Assert.Null(_vault.Secrets.Get("veeam-office-refresh-token"));
    }

    [Fact]
    public async Task A_write_that_the_client_repeats_after_a_lost_answer_is_asked_for_again()
    {
        _vault.Faults.Add(Endpoints.Set, Fault.Reset(), times: 2);

        var thrown = await Assert.ThrowsAsync<TokenException>(() => SaveAsync(Store(retries: 2), allowed: 2));

        Assert.Equal((FailureKind.BackingOff, 3), (thrown.Failure.Kind, _asked));
        Assert.Equal([Put, Put], _vault.Calls);
    }

    [Fact]
    public async Task A_write_that_is_repeated_after_its_name_was_recovered_is_asked_for_again()
    {
        _vault.Add("veeam-office-refresh-token", "of-old");
        _vault.Secrets.Delete("veeam-office-refresh-token");

        await Assert.ThrowsAsync<TokenException>(() => SaveAsync(Store(), allowed: 1));

        Assert.Single(_vault.Calls, call => call == Put);
        Assert.NotEqual(Token.Reveal(), _vault.Secrets.Get("veeam-office-refresh-token")?.Value);
    }

    [Fact]
    public async Task A_write_is_sent_when_it_is_allowed_and_what_follows_it_is_not_asked_for()
    {
        var store = Store();

        await SaveAsync(store, allowed: 1);
        await store.ReadRefreshTokenAsync(Office, Cancel);
        await store.SaveAccessTokenAsync(Office, Access, WritePriority.Caller, Cancel);

        Assert.Equal(1, _asked);
        Assert.Equal(Token.Reveal(), _vault.Secrets.Get("veeam-office-refresh-token")?.Value);
    }

    [Fact]
    public async Task An_access_token_is_asked_for_after_it_waited_for_the_write_limit()
    {
        var isHeld = true;
        var store = Store(new VaultWriteLimiter(1, _time));
        await SaveAsync(store, allowed: 1);

        var thrown = await Assert.ThrowsAsync<TokenException>(() =>
        {
            var save = store.SaveAccessTokenAsync(Office, Access, WritePriority.Caller, Ensure, Cancel);
            isHeld = false;
            return save;
        });

        Assert.Equal(FailureKind.BackingOff, thrown.Failure.Kind);
        Assert.Equal([Put], _vault.Calls);

        void Ensure()
        {
            if (!isHeld)
            {
                throw new TokenException(FailureKind.BackingOff, "The lock was lost meanwhile.");
            }
        }
    }

    [Fact]
    public async Task A_write_over_the_real_network_is_not_received_when_its_repetition_is_prevented()
    {
        await using var suite = await EmulatorSuite.StartAsync();
        suite.Vault.Faults.Add(Endpoints.Set, Fault.Status(429), times: 1);
        var client = VaultClients.Create(suite.Vault.BaseAddress, new HostClock(TimeProvider.System));
        var store = new KeyVaultTokenStore(client, client, _time, NullLogger<KeyVaultTokenStore>.Instance);

        var thrown = await Assert.ThrowsAsync<TokenException>(() => SaveAsync(store, allowed: 1));
        await SaveAsync(store, allowed: 2);

        Assert.Equal(FailureKind.BackingOff, thrown.Failure.Kind);
        Assert.Equal(2, suite.Vault.Counters[Endpoints.Set]);
        Assert.Single(suite.Vault.Secrets.Versions("veeam-office-refresh-token"));
    }

    [Fact]
    public async Task The_newest_refresh_token_is_found_below_an_older_one_that_was_saved_over_it()
    {
        var (theirs, mine) = (Issued("theirs", 20), Issued("mine", 4));
        foreach (var token in (RefreshToken[])[Issued("first", 0), theirs, mine])
        {
            await Store().SaveRefreshTokenAsync(Office, token, Cancel);
        }

        _vault.Add("veeam-office-refresh-token", "of no connection", nbf: TestTime.Noon.AddDays(1));
        await Store().SaveRefreshTokenAsync(Office, Issued("last", 5), Cancel);

        var newest = await Store().ReadNewestRefreshTokenAsync(Office, Cancel);

        Assert.Equal(theirs.Fingerprint, newest?.Fingerprint);
        Assert.Equal("last-refresh-token", (await Store().ReadRefreshTokenAsync(Office, Cancel))?.Reveal());
    }

    [Fact]
    public async Task A_refresh_token_that_a_clock_ahead_dated_after_its_own_version_is_as_old_as_that()
    {
        await Store().SaveRefreshTokenAsync(Office, Issued("ahead", 660), Cancel);

        var read = await Store().ReadRefreshTokenAsync(Office, Cancel);

        Assert.Equal(TestTime.Noon, read!.IssuedAt);
        Assert.Equal(TestTime.Noon.AddDays(14).AddMinutes(-10), read.ExpiresAt);
    }

    [Fact]
    public async Task Whether_a_refresh_token_was_ever_saved_is_known_below_others()
    {
        await Store().SaveRefreshTokenAsync(Office, Issued("first", 0), Cancel);
        await Store().SaveRefreshTokenAsync(Office, Issued("second", 1), Cancel);

        Assert.True(await Store().WasSavedAsync(Office, Issued("first", 0), Cancel));
        Assert.False(await Store().WasSavedAsync(Office, Issued("third", 0), Cancel));
    }

    [Fact]
    public async Task The_newest_refresh_token_of_none_is_none()
    {
        Assert.Null(await Store().ReadNewestRefreshTokenAsync(Office, Cancel));
    }

    private static RefreshToken Issued(string value, double at) =>
        new(SuiteLog.Guard($"{value}-refresh-token"), TestTime.Noon.AddSeconds(at - 60), TestTime.Noon.AddDays(14));

    private Task SaveAsync(KeyVaultTokenStore store, int allowed)
    {
        _asked = 0;
        return store.SaveRefreshTokenAsync(
            Office,
            Token,
            () =>
            {
                if (++_asked > allowed)
                {
                    throw new TokenException(FailureKind.BackingOff, "The lock was lost.");
                }
            },
            Cancel
        );
    }

    private KeyVaultTokenStore Store(int retries) => Store(limiter: null, retries);

    private KeyVaultTokenStore Store(VaultWriteLimiter? limiter = null, int retries = 0)
    {
        var client = _vault.Client(retries: retries);
        return new KeyVaultTokenStore(client, client, _time, NullLogger<KeyVaultTokenStore>.Instance, limiter, limiter);
    }
}
