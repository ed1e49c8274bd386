using static Microsoft.Playwright.Assertions;

namespace BackupFunctions.Browser.Tests;

/// <summary>Vendors, vault and settings write what the page shows: none of it may run.</summary>
public sealed class UntrustedTextTests(Chromium chromium)
{
    private const string Evil = "<img src=x onerror=\"window.hacked=1\"><script>window.hacked=1</script>\"'&{styles}";

    [Fact]
    public async Task Markup_in_any_fact_stays_text()
    {
        var evil = new Fact($"v{Evil}", $"c{Evil}", $"s{Evil}")
        {
            Summary = $"summary {Evil}",
            Fingerprint = Evil,
            BaseUrl = $"javascript:window.hacked=1//{Evil}",
            LastFailure = new(Fact.Ago(3), Evil, $"title {Evil}", $"detail {Evil}", 401, Evil),
            CanEnrol = true,
        };
        var service = new FakeService
        {
            Facts = [evil],
            Unreadable = [new { Secret = Evil, Detail = $"unreadable {Evil}" }],
        };
        await using var session = await Session.StartAsync(chromium, service);
        await Expect(session.Rows).ToHaveCountAsync(1);

        await session.Rows.Locator(".expand").ClickAsync();
        await session.Page.Locator("#unreadable summary").ClickAsync();
        await session.Details.Locator("[data-part=signOut]").ClickAsync();
        service.Answer = (424, FakeService.Problem(Evil, $"problem {Evil}", Evil, 424));
        await session.Dialog.Locator("[data-part=submit]").ClickAsync();
        await Expect(session.Dialog).ToContainTextAsync($"problem {Evil}");
        await session.Page.Keyboard.PressAsync("Escape");

        await Expect(session.Rows.Locator(".c-name")).ToHaveTextAsync($"c{Evil}");
        await Expect(session.Details).ToContainTextAsync($"detail {Evil}");
        await Expect(session.Page.Locator("#unreadable")).ToContainTextAsync($"unreadable {Evil}");
        Assert.Equal(
            0,
            await session.Page.EvaluateAsync<int>(
                "() => document.querySelectorAll('img, body script:not([type=module]), a[href^=javascript]').length"
            )
        );
        Assert.False(await session.Page.EvaluateAsync<bool>("() => 'hacked' in window"));
    }

    [Fact]
    public async Task A_name_cannot_lead_a_call_to_another_path()
    {
        var evil = Fact.Healthy("../admin", "a/b?code=c#d");
        await using var session = await Session.StartAsync(chromium, new FakeService { Facts = [evil] });
        await Expect(session.Rows).ToHaveCountAsync(1);

        await session.Rows.Locator("[data-part=primary]").ClickAsync();

        await Expect(session.Page.Locator(".notice")).ToHaveCountAsync(1);
        Assert.Equal("/api/Refresh/..%2Fadmin/a%2Fb%3Fcode%3Dc%23d", Assert.Single(session.Service.Actions).Path);
    }
}
