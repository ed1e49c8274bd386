using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BackupFunctions.Browser.Tests;

/// <summary>The page before the real API of LocalHost, with nothing in between.</summary>
public sealed class LocalHostTests(Chromium chromium)
{
    [Fact]
    public async Task The_page_shows_the_emulated_connections_and_renews_one()
    {
        await using var context = await chromium.NewContextAsync(Look.Usual);
        var page = await context.NewPageAsync();
        await page.GotoAsync(chromium.Page);
        await Expect(page.Locator("tr.row")).ToHaveCountAsync(5);

        await page.GetByRole(AriaRole.Button, new() { Name = "Refresh backupnet/default" }).ClickAsync();

        await Expect(page.Locator(".notice")).ToContainTextAsync("backupnet/default has a new token", new() { Timeout = 30_000 });
        var row = page.Locator("tr.row").Filter(new() { HasText = "backup.net" });
        await Expect(row.Locator(".c-state")).ToHaveTextAsync("Healthy");
        await Expect(row.Locator(".c-token")).ToContainTextAsync("expires in");
    }
}
