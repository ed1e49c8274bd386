using System.Globalization;
using BackupFunctions.Core.Tests.FaultMatrix;
using BackupFunctions.Emulators;
using BackupFunctions.Testing;

namespace BackupFunctions.Core.Tests.Situations;

/// <summary>What a vendor's replies say of the time: a cached one says nothing.</summary>
internal static class VendorDates
{
    public static IReadOnlyList<Situation> Rows { get; } =
    [
        Discovery(
            "aws-sdk-go-v2#3409",
            "a discovery document from a cache, Age 3000, Date 50 minutes old",
            "Age",
            "3000"
        ),
        Discovery(
            "sibling: RFC 9111 section 5.1, against it",
            "the same with an Age that is not a number",
            "Age",
            "old"
        ),
        Discovery(
            "sibling: RFC 9211 section 2",
            "the same with Cache-Status in place of Age",
            "Cache-Status",
            "edge; hit"
        ),
        Discovery("sibling: Squid and CDNs", "the same with X-Cache in place of Age", "X-Cache", "TCP_HIT from edge-7"),
        Discovery(
            "sibling: RFC 9111 section 5.2.2.1",
            "the same with a max-age that is not over",
            "Cache-Control",
            "public, max-age=3600"
        ),
        Discovery(
            "sibling: RFC 9111 section 5.3",
            "the same with Expires after its Date",
            "Expires",
            After(TimeSpan.FromMinutes(10))
        ),
        Discovery(
            "sibling: RFC 9110 section 8.8.2.1",
            "the same, last modified after its Date",
            "Last-Modified",
            After(TimeSpan.FromMinutes(-1))
        ),
        new(
            "sibling of aws-sdk-go-v2#3409",
            "a token reply from a cache, with expires_on and a Date 50 minutes old",
            "200 for 7200 s",
            () => LifeAsync(Date(TimeSpan.FromMinutes(-50)).With(Fault.Header("Age", "3000")))
        ),
        new(
            "sibling: default(DateTime)",
            "a token reply of the year 1, with expires_on of today",
            "200 for 7200 s",
            () => LifeAsync(Fault.Header("Date", "Mon, 01 Jan 0001 00:00:00 GMT"))
        ),
        new(
            "sibling: a clock off by a century",
            "a token reply of the year 9999, with expires_on of today",
            "200 for 7200 s",
            () => LifeAsync(Fault.Header("Date", "Fri, 31 Dec 9999 23:59:59 GMT"))
        ),
    ];

    private static Situation Discovery(string source, string input, string header, string value) =>
        new(source, input, "200, refusals 0", () =>
            Seen.WithRefusalsAsync("avepoint", world =>
                world.Vendor.Faults.Add(
                    Endpoints.Discovery,
                    Date(TimeSpan.FromMinutes(-50)).With(Fault.Header(header, value))
                )
            )
        );

    private static async Task<string> LifeAsync(Fault fault)
    {
        await using var world = new World("acronis");
        ((AcronisEmulator)world.Vendor).TokenFormat = TokenFormat.Opaque;
        world.Vendor.Faults.Add(Endpoints.Token, fault);
        var answer = await world.GetTokenAsync();
        return answer.Status == 200 ? $"200 for {answer.Json["expires_in"]} s" : Seen.Of(answer);
    }

    private static Fault Date(TimeSpan after) => Fault.Header("Date", After(after));

    private static string After(TimeSpan time) => (TestTime.Noon + time).ToString("R", CultureInfo.InvariantCulture);
}
