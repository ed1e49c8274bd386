using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Renewal;

/// <summary>The vault already has version v2 of a certificate, the vendor still knows v1 alone.</summary>
public sealed class OlderCertificateTests
{
    private readonly TokenWorld _world = World(hasCertificate: true);

    [Fact]
    public async Task The_older_version_is_tried_once_when_the_newest_is_refused()
    {
        Assert.NotNull(await _world.Process.GetAsync());

        Assert.Equal(["v2", "v1"], _world.Vendor.UsedVersions);
        Assert.Contains(_world.Process.Log.Events, logged =>
            logged.EventId.Id == 1019 && logged.Message.Contains("v1", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task It_is_used_at_once_from_then_on()
    {
        var token = await _world.Process.GetAsync();
        token = await _world.Process.RejectAsync(token);
        await _world.Process.RejectAsync(token);

        Assert.Equal(["v2", "v1", "v1", "v1"], _world.Vendor.UsedVersions);
    }

    [Fact]
    public async Task When_the_vendor_knows_the_new_version_alone_that_one_is_tried_again()
    {
        var token = await _world.Process.GetAsync();
        _world.Vendor.RefusedVersions.Clear();
        _world.Vendor.RefusedVersions.Add("v1");

        token = await _world.Process.RejectAsync(token);
        await _world.Process.RejectAsync(token);

        Assert.Equal(["v2", "v1", "v1", "v2", "v2"], _world.Vendor.UsedVersions);
    }

    [Fact]
    public async Task A_third_version_goes_before_the_older_one()
    {
        var token = await _world.Process.GetAsync();
        _world.Credentials.Version = "v3";

        await _world.Process.RejectAsync(token);

        Assert.Equal(["v2", "v1", "v3"], _world.Vendor.UsedVersions);
    }

    [Fact]
    public async Task When_both_are_refused_they_are_held_until_there_is_a_third()
    {
        _world.Vendor.RefusedVersions.Add("v1");
        await Failing.With(FailureKind.CredentialsRefused, _world.Process.GetAsync());
        _world.Advance(10);
        await Failing.With(FailureKind.CredentialsRefused, _world.Process.GetAsync());
        var whileHeld = _world.Vendor.UsedVersions.ToList();
        _world.Advance(10);
        _world.Credentials.Version = "v3";

        Assert.NotNull(await _world.Process.GetAsync());
        Assert.Equal(["v2", "v1"], whileHeld);
        Assert.Equal(["v2", "v1", "v3"], _world.Vendor.UsedVersions);
    }

    [Fact]
    public async Task When_the_older_is_refused_as_the_last_that_may_be_the_newest_is_tried_as_soon_as_it_may()
    {
        var token = await _world.Process.GetAsync();
        await _world.Process.Ledger.UpdateAsync(
            _world.Connection.Key,
            entry => entry with { Refusals = [_world.Now, _world.Now] },
            CancellationToken.None
        );
        _world.Vendor.RefusedVersions.Clear();
        _world.Vendor.RefusedVersions.Add("v1");
        _world.Advance(TimeSpan.FromMinutes(10).TotalSeconds);

        await Failing.With(FailureKind.CredentialsRefused, _world.Process.RejectAsync(token));
        _world.Advance(TimeSpan.FromMinutes(49).TotalSeconds);
        await Failing.With(FailureKind.CredentialsRefused, _world.Process.GetAsync());
        var whileLeftAlone = _world.Vendor.UsedVersions.ToList();
        _world.Advance(TimeSpan.FromMinutes(2).TotalSeconds);

        Assert.NotNull(await _world.Process.GetAsync());
        Assert.Equal(["v2", "v1", "v1"], whileLeftAlone);
        Assert.Equal(["v2", "v1", "v1", "v2"], _world.Vendor.UsedVersions);
    }

    [Fact]
    public async Task A_secret_has_no_older_version_to_try()
    {
        var world = World(hasCertificate: false);

        await Failing.With(FailureKind.CredentialsRefused, world.Process.GetAsync());

        Assert.Equal(["v2"], world.Vendor.UsedVersions);
    }

    private static TokenWorld World(bool hasCertificate)
    {
        var world = new TokenWorld(hasCertificate: hasCertificate);
        world.Credentials.Version = "v2";
        world.Credentials.OlderVersion = "v1";
        world.Vendor.RefusedVersions.Add("v2");
        return world;
    }
}
