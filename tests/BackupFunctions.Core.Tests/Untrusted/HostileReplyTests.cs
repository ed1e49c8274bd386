using BackupFunctions.Core.Tests.FaultMatrix;
using BackupFunctions.Emulators;

namespace BackupFunctions.Core.Tests.Untrusted;

/// <summary>
/// Servers that try to take our time, our memory or our credentials: each vendor's sign-in, with all that goes before
/// the token.
/// </summary>
[Collection(nameof(Alone))]
public sealed class HostileReplyTests
{
    private static readonly string[] Vendors = ["acronis", "acronis-cyberapp", "avepoint", "backupnet", "veeam"];
    private static readonly string[] Replies =
    [
        "drip",
        "oversize",
        "gzip bomb",
        "deep JSON",
        "redirect to metadata",
        "redirect to plain http",
    ];

    public static TheoryData<string, string, string> Rows { get; } =
    [
        .. from vendor in Vendors
        from endpoint in vendor is "avepoint" or "backupnet"
            ? [Endpoints.Discovery, Endpoints.Token]
            : new[] { Endpoints.Token }
        from reply in Replies
        select (vendor, endpoint, reply),
    ];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_hostile_reply_is_a_typed_failure_within_the_attempts_time_and_nothing_is_kept_of_it(
        string vendor,
        string endpoint,
        string reply
    )
    {
        await using var world = new World(vendor);
        world.Vendor.Faults.Add(endpoint, Hostile(reply));
        var began = world.Time.GetUtcNow();

        var answer = await world.GetTokenAsync();

        Assert.Equal(
            (503, reply == "drip" ? "vendor-unavailable" : "vendor-reply-unusable"),
            (answer.Status, answer.ProblemType)
        );
        Assert.Equal(reply == "drip" ? "40" : "30", answer.Headers.RetryAfter);
        Assert.Equal(reply == "drip" ? 3 : 1, world.Vendor.Counters[endpoint]);
        Assert.InRange((world.Time.GetUtcNow() - began).TotalSeconds, 0, 30);
        Assert.Null(world.StoredAccessToken);
        Assert.DoesNotContain("169.254", answer.Body, StringComparison.Ordinal);
    }

    private static Fault Hostile(string reply) =>
        reply switch
        {
            "drip" => Fault.Drip(TimeSpan.FromSeconds(1)),
            "oversize" => Fault.Oversize(1024 * 1024),
            "gzip bomb" => Fault.GzipBomb(4 * 1024 * 1024),
            "deep JSON" => Fault.DeepJson(),
            "redirect to metadata" => Fault.Redirect(new Uri("http://169.254.169.254/metadata/identity/oauth2/token")),
            _ => Fault.Redirect(new Uri("http://127.0.0.1/token"), 302),
        };
}
