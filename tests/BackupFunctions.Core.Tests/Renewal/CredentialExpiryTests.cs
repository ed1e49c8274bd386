using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Sweeps;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Renewal;

public sealed class CredentialExpiryTests
{
    private readonly TokenWorld _world = new();

    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(30, 30)]
    public async Task A_credential_that_ends_within_30_days_is_warned_of(double daysLeft, int daysTold)
    {
        _world.Credentials.ExpiresAt = _world.Now + TimeSpan.FromDays(daysLeft);

        await _world.Process.SweepAsync();

        var warning = Assert.Single(Warnings());
        Assert.Contains($"in {daysTold} days", warning.Message, StringComparison.Ordinal);
        Assert.Contains("fake/default", warning.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(30.1)]
    [InlineData(null)]
    public async Task One_that_lives_longer_is_not(double? daysLeft)
    {
        _world.Credentials.ExpiresAt = daysLeft is { } days ? _world.Now + TimeSpan.FromDays(days) : null;

        await _world.Process.SweepAsync();

        Assert.Empty(Warnings());
    }

    [Fact]
    public async Task The_warning_comes_once_a_day()
    {
        _world.Credentials.ExpiresAt = _world.Now + TimeSpan.FromDays(10);

        for (var hours = 0; hours < 48; hours++)
        {
            await _world.Process.SweepAsync(nextTickIn: 3600);
            _world.Advance(3600);
        }

        Assert.Equal(2, Warnings().Count());
    }

    [Fact]
    public async Task A_vault_that_is_down_is_asked_again_with_the_next_renewal()
    {
        _world.Credentials.ExpiresAt = _world.Now + TimeSpan.FromDays(10);
        var expiry = new CredentialExpiry(
            _world.Credentials,
            _world.Process.Ledger,
            _world.Time,
            _world.Process.Logger<CredentialExpiry>()
        );
        _world.Credentials.Outage = FailureKind.VaultUnavailable;
        await expiry.CheckAsync(_world.Connection, CancellationToken.None);
        _world.Credentials.Outage = null;

        await expiry.CheckAsync(_world.Connection, CancellationToken.None);

        Assert.Single(Warnings());
    }

    [Fact]
    public async Task The_end_is_on_record_from_the_sign_in_on()
    {
        _world.Credentials.ExpiresAt = _world.Now + TimeSpan.FromDays(100);

        await _world.Process.GetAsync();

        Assert.Equal(_world.Credentials.ExpiresAt, (await _world.Process.EntryAsync()).CredentialExpiresAt);
    }

    [Fact]
    public async Task The_end_of_a_credential_that_a_refresh_token_does_without_is_on_record_from_a_sweep_and_stays_there()
    {
        var world = new TokenWorld(rotatesRefreshTokens: true);
        world.Store.Put(world.Connection, new RefreshToken(SuiteLog.Guard("a-saved-refresh-token"), world.Now, null));
        world.Vendor.Knows("a-saved-refresh-token");
        world.Credentials.ExpiresAt = world.Now + TimeSpan.FromDays(100);

        await world.Process.SweepAsync();
        world.Advance(3000);
        await world.Process.SweepAsync();

        Assert.Empty(world.Vendor.UsedVersions);
        Assert.Equal(2, world.Vendor.Calls);
        Assert.Equal(world.Credentials.ExpiresAt, (await world.Process.EntryAsync()).CredentialExpiresAt);
    }

    private IEnumerable<RecordedEvent> Warnings() =>
        _world.Process.Log.Events.Where(logged => logged.EventId.Id == 1018);
}
