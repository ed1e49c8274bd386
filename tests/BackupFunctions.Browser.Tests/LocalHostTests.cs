using BackupFunctions.Testing;
using BackupFunctions.Vendors;
using Microsoft.Playwright;
using OtpNet;
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
        await Expect(page.Locator("tr.row")).ToHaveCountAsync(VendorProfiles.BuiltIn.Count);

        await page.GetByRole(AriaRole.Button, new() { Name = "Refresh backupnet/default" }).ClickAsync();

        await Expect(page.Locator(".notice"))
            .ToContainTextAsync("backupnet/default has a new token", new() { Timeout = 30_000 });
        var row = page.Locator("tr.row").Filter(new() { HasText = "backup.net" });
        await Expect(row.Locator(".c-state")).ToHaveTextAsync("Healthy");
        await row.Locator(".expand").ClickAsync();
        await Expect(page.Locator("[data-part=events] tr").First).ToContainTextAsync("an operator’s refresh");
        Assert.Equal(
            VendorProfiles.BuiltIn.Select(vendor => vendor.DisplayName).Order(StringComparer.Ordinal),
            (await page.Locator("tr.row .c-vendor").AllInnerTextsAsync()).Order(StringComparer.Ordinal)
        );
        await Expect(row.Locator(".c-token")).ToContainTextAsync("expires in");
    }

    [Fact]
    public async Task The_page_to_try_the_API_shows_the_operations_and_asks_nobody_else()
    {
        await using var context = await chromium.NewContextAsync(Look.Usual);
        var page = await context.NewPageAsync();
        var asked = new System.Collections.Concurrent.ConcurrentBag<string>();
        page.Request += (_, request) => asked.Add(request.Url);

        await page.GotoAsync(new Uri(new Uri(chromium.Page), "/").AbsoluteUri);
        await page.GetByRole(AriaRole.Link, new() { Name = "Try the API" }).ClickAsync();

        await Expect(page.Locator("body")).ToContainTextAsync("/GetToken/{vendor}", new() { Timeout = 30_000 });
        Assert.All(asked, url => Assert.Matches("^(http://127[.]0[.]0[.]1:|data:|blob:)", url));
    }

    [Fact]
    public async Task The_page_enrols_an_account_after_a_wrong_code()
    {
        await using var host = await Chromium.StartHostAsync();
        host.Emulators!.Vault.Secrets.Delete("veeam-default-totp-secret");
        await using var context = await chromium.NewContextAsync(Look.Usual);
        var page = await context.NewPageAsync();
        await page.GotoAsync($"{host.Urls[0]}/api/status/page");
        await page.GetByRole(AriaRole.Button, new() { Name = "Refresh veeam/default" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Enrol… veeam/default" }).ClickAsync();

        await page.Keyboard.TypeAsync("000000");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("dialog[open]"))
            .ToContainTextAsync("not the one-time code", new() { Timeout = 30_000 });
        await page.Locator("#enrol-code")
            .FillAsync(new Totp(Base32Encoding.ToBytes(host.Emulators.Veeam.TotpSecret)).ComputeTotp());
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.Locator(".notice.good"))
            .ToContainTextAsync("veeam/default is enrolled", new() { Timeout = 30_000 });
        var refresh = page.GetByRole(AriaRole.Button, new() { Name = "Refresh veeam/default" });
        await Expect(page.Locator("tr.row").Filter(new() { Has = refresh }).Locator(".c-state"))
            .ToHaveTextAsync("Healthy");
        SuiteLog.Guard(host.Emulators.Vault.Secrets.Get("veeam-default-refresh-token")!.Value);
    }

    [Fact]
    public async Task The_page_signs_a_connection_out_and_in_again()
    {
        await using var host = await Chromium.StartHostAsync();
        await using var context = await chromium.NewContextAsync(Look.Usual);
        var page = await context.NewPageAsync();
        await page.GotoAsync($"{host.Urls[0]}/api/status/page");
        var row = page.Locator("tr.row").Filter(new() { HasText = "backup.net" });
        await row.Locator(".expand").ClickAsync();

        await page.Locator("[data-part=signOut]").ClickAsync();
        await page.Locator("dialog[open] [data-part=submit]").ClickAsync();
        await Expect(page.Locator(".notice.good"))
            .ToContainTextAsync("backupnet/default is signed out", new() { Timeout = 30_000 });
        await Expect(row.Locator(".c-state")).ToHaveTextAsync("Signed out");
        await page.GetByRole(AriaRole.Button, new() { Name = "Refresh backupnet/default" }).ClickAsync();

        await Expect(page.Locator(".notice.good"))
            .ToContainTextAsync("backupnet/default has a new token", new() { Timeout = 30_000 });
        await Expect(row.Locator(".c-state")).ToHaveTextAsync("Healthy");
    }
}
