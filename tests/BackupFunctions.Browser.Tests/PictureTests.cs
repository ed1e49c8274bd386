using BackupFunctions.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BackupFunctions.Browser.Tests;

/// <summary>
/// The pictures of docs/images. A usual run takes them and keeps none; with WRITE_PICTURES=true they replace those in
/// the repository.
/// </summary>
public sealed class PictureTests(Chromium chromium)
{
    private const string Switch = "WRITE_PICTURES";

    private static readonly string[] Customers =
    [
        "contoso",
        "fabrikam",
        "northwind",
        "adatum",
        "litware",
        "proseware",
        "tailspin",
        "wingtip",
    ];

    public static TheoryData<string> Pictures { get; } =
    ["status-page", "status-page-dark", "status-healthy", "status-vendor-down", "status-many", "status-phone"];

    [Theory]
    [MemberData(nameof(Pictures))]
    public async Task The_page_has_its_picture_taken(string name)
    {
        var (facts, look, fragment) = SceneOf(name);
        await using var session = await Session.StartAsync(
            chromium,
            new FakeService { Facts = facts },
            look,
            fragment,
            ownClock: true
        );
        await Expect(session.Rows.First).ToBeVisibleAsync();
        if (name is "status-vendor-down" or "status-page" or "status-page-dark")
            await session.Page.Locator("tr.row .expand").First.ClickAsync();
        await session.DrawnAsync();

        var picture = await session.Page.ScreenshotAsync(new() { Animations = ScreenshotAnimations.Disabled });

        Assert.InRange(picture.Length, 10_000, 400_000);
        if (Environment.GetEnvironmentVariable(Switch) == "true")
            await File.WriteAllBytesAsync(Path.Combine(Repository.Root, "docs", "images", $"{name}.png"), picture);
    }

    private static (IReadOnlyList<Fact> Facts, Look Look, string Fragment) SceneOf(string name) =>
        name switch
        {
            "status-healthy" => (Well(), Look.Usual, ""),
            "status-vendor-down" => (WithVendorDown(), Look.Usual, "#group=vendor"),
            "status-many" => (Fact.Many(200), Look.Usual, ""),
            "status-phone" => (WithVendorDown(), Look.Phone, ""),
            "status-page" => (Fact.Each, Look.Usual, ""),
            _ => (Fact.Each, Look.Dark, ""),
        };

    private static IReadOnlyList<Fact> Well() =>
        [
            .. new[] { "acronis", "avepoint", "veeam" }.SelectMany(vendor =>
                Customers.Take(5).Select(customer => Fact.Healthy(vendor, customer))
            ),
        ];

    /// <summary>All of one vendor have failed for six hours.</summary>
    private static IReadOnlyList<Fact> WithVendorDown() =>
        [
            .. Well().Where(fact => fact.Vendor != "avepoint"),
            .. Customers
                .Take(5)
                .Select(customer =>
                    Fact.Healthy("avepoint", customer) with
                    {
                        State = "backing-off",
                        Summary =
                            "The vendor is unavailable (27 failures in a row); the next attempt is in 3 min; "
                            + "there is no usable token.",
                        IssuedAt = Fact.Ago(7 * 60),
                        RenewFrom = Fact.Ago(6.5 * 60),
                        ExpiresAt = Fact.Ago(6 * 60),
                        LastSuccess = Fact.Ago(7 * 60),
                        FailuresInRow = 27,
                        NextAttempt = Fact.In(3),
                        LastFailure = new(
                            Fact.Ago(9),
                            "vendor-unavailable",
                            "The vendor is unavailable",
                            "identity.avepointonlineservices.com answered 503 three times.",
                            503,
                            null
                        ),
                    }
                ),
        ];
}
