using System.Globalization;
using BackupFunctions.Core.Tests.Web;
using BackupFunctions.Emulators;
using BackupFunctions.Testing;
using BackupFunctions.Vendors;

namespace BackupFunctions.Core.Tests.FaultMatrix;

/// <summary>
/// Every vendor, every fault, from both starts: the caller, the vendor and the vault see what <see cref="Matrix"/>
/// states.
/// </summary>
[Collection(nameof(Alone))]
public sealed class FaultMatrixTests
{
    private static readonly TimeSpan LeftInWindow = TimeSpan.FromMinutes(10);

    /// <summary>Longer than a renewal that has everything against it goes on after its caller was answered.</summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromMinutes(2);

    public static TheoryData<string, string, string> Rows { get; } =
    [.. Matrix.All.Select(row => (row.Vendor, row.Fault, row.Start))];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_fault_ends_as_the_matrix_says_and_heals_by_itself_when_it_is_over(
        string vendor,
        string fault,
        string start
    )
    {
        await using var world = new World(vendor);
        var old = await BeginAsync(world, fault, start);
        var calls = (Token: world.Vendor.Counters[Endpoints.Token], Discovery: Discovery(world));
        Trouble.Begin(world, fault);

        var answer = await world.GetTokenAsync(Query(fault, start, old));
        var told = Told(world, answer, old);
        AssertHonest(world, answer);
        if (start == "warm")
            world.Pass(Aftermath);

        var seen = new Expectation(
            told,
            answer.Headers.RetryAfter is [{ } wait] ? wait : "-",
            Number(world.Vendor.Counters[Endpoints.Token] - calls.Token),
            world.Vendor is OpenIdEmulator ? Number(Discovery(world) - calls.Discovery) : "-",
            AccessToken(world, old),
            world.Vendor is VeeamEmulator veeam ? RefreshToken(world, veeam, old) : "-"
        );
        Assert.Equal(
            Matrix.All.Single(row => (row.Vendor, row.Fault, row.Start) == (vendor, fault, start)).Expected.ToString(),
            seen.ToString()
        );
        Assert.Equal("no-store", answer.Headers.CacheControl);

        // A lost lock is nobody's failure: the next caller is free to try, and has a lock of its own.
        if (fault != "lock: lost in the middle")
            await AssertNoHammeringAsync(world, answer);
        await AssertHealingAsync(world, fault, answer);
    }

    [Fact]
    public void Every_vendor_meets_every_fault_from_both_starts_exactly_once()
    {
        var vendors = VendorProfiles.BuiltIn.Select(profile => profile.Name);
        var faults = Matrix
            .All.Select(row => row.Fault)
            .Where(fault => !fault.StartsWith("discovery", StringComparison.Ordinal))
            .Distinct()
            .ToArray();

        var rows = Matrix.All.Select(row => (row.Vendor, row.Fault, row.Start)).ToArray();

        Assert.Equal(rows.Length, rows.Distinct().Count());
        Assert.Empty(
            (
                from vendor in vendors
                from fault in faults
                from start in new[] { "cold", "warm" }
                select (vendor, fault, start)
            ).Except(rows)
        );
        Assert.Equal(30, faults.Length);
    }

    /// <summary>The token that was there before; null on a cold start.</summary>
    private static async Task<Held?> BeginAsync(World world, string fault, string start)
    {
        if (start == "cold" && fault != "token: revoked")
        {
            return null;
        }

        var first = await world.GetTokenAsync();
        var held = new Held(Token(first), (string)first.Json["fingerprint"]!, world.StoredRefreshToken);
        if (start == "cold")
            await world.RestartAsync();
        // The cache of credentials is young only a moment after the last sign-in.
        else if (fault == "credential: newer in the vault than in the cache")
            world.Pass(TimeSpan.FromMinutes(1));
        else
            world.Pass(TimeSpan.FromSeconds((int)first.Json["expires_in"]!) - LeftInWindow);
        return held;
    }

    private static string Query(string fault, string start, Held? old) =>
        (fault, start) switch
        {
            ("token: revoked", _) => $"?rejected={old!.Fingerprint}",
            ("credential: newer in the vault than in the cache", "warm") => "?refresh=true",
            _ => "",
        };

    private static string Told(World world, Answer answer, Held? old)
    {
        if (answer.Status != 200)
        {
            return $"{answer.Status} {answer.ProblemType}";
        }

        var token = Token(answer);
        return (token == old?.AccessToken ? "200 old" : "200 new") + (world.Vendor.IsLive(token) ? "" : ", dead");
    }

    private static string AccessToken(World world, Held? old) =>
        Name(world.StoredAccessToken, old?.AccessToken, world.Vendor.IsLive);

    private static string RefreshToken(World world, VeeamEmulator veeam, Held? old) =>
        Name(world.StoredRefreshToken, old?.RefreshToken, veeam.IsLiveRefreshToken);

    private static string Name(string? token, string? old, Func<string, bool> isLive) =>
        token is null ? "none" : (token == old ? "old" : "new") + (isLive(token) ? "" : ", dead");

    /// <summary>A token does not expire at the vendor before the instant that its caller was told.</summary>
    private static void AssertHonest(World world, Answer answer)
    {
        if (answer.Status != 200)
        {
            return;
        }

        var told = DateTimeOffset.Parse((string)answer.Json["expires_at"]!, CultureInfo.InvariantCulture);
        Assert.True(told <= world.Vendor.ExpiresAt(Token(answer)) - world.Vendor.ClockOffset);
    }

    /// <summary>While the fault lasts, the next caller does not make it worse.</summary>
    private static async Task AssertNoHammeringAsync(World world, Answer answer)
    {
        if (answer.Status == 200)
        {
            return;
        }

        var calls = world.Vendor.Counters.Total;
        var next = await world.GetTokenAsync();
        Assert.Equal(answer.Status, next.Status);
        Assert.Equal(calls, world.Vendor.Counters.Total);
    }

    /// <summary>The caller does as it was told, and there is a token again, in the vault too.</summary>
    private static async Task AssertHealingAsync(World world, string fault, Answer answer)
    {
        Trouble.End(world, fault);
        world.Pass(
            answer switch
            {
                { Status: 503 } => TimeSpan.FromSeconds(
                    int.Parse(answer.Headers.RetryAfter.ToString(), CultureInfo.InvariantCulture)
                ),
                { Status: 424, ProblemType: "server-not-trusted" } => TimeSpan.FromSeconds(30),
                { Status: 424 } => TimeSpan.FromSeconds(3),
                _ => LeftInWindow,
            }
        );

        var healed = await world.GetTokenAsync();
        Assert.Equal(200, healed.Status);
        Assert.True(world.Vendor.IsLive(Token(healed)));
        world.Pass(Aftermath);
        Assert.True(world.StoredAccessToken == Token(healed), "The vault does not hold what callers have.");
        if (world.Vendor is VeeamEmulator veeam)
            Assert.True(veeam.IsLiveRefreshToken(world.StoredRefreshToken!), "The refresh token was lost.");
    }

    private static string Token(Answer answer) => SuiteLog.Guard((string)answer.Json["access_token"]!);

    private static int Discovery(World world) =>
        world.Vendor is OpenIdEmulator ? world.Vendor.Counters[Endpoints.Discovery] : 0;

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record Held(string AccessToken, string Fingerprint, string? RefreshToken);
}
