using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BackupFunctions.Browser.Tests;

/// <summary>Where the functions have no keys, App Service authentication signs people in.</summary>
public sealed class SignInTests(Chromium chromium)
{
    [Fact]
    public async Task Without_keys_the_page_leads_to_the_sign_in_and_back_to_the_same_view()
    {
        await using var session = await Session.StartAsync(
            chromium,
            new FakeService { Refusal = FakeService.Unauthenticated },
            fragment: "#state=refused"
        );

        var card = session.Page.GetByRole(AriaRole.Region, new() { Name = "Authentication required" });
        await Expect(card).ToContainTextAsync("Sign in first.");
        await Expect(card.GetByRole(AriaRole.Link, new() { Name = "Sign in with Entra ID" }))
            .ToHaveAttributeAsync(
                "href",
                "/.auth/login/aad?post_login_redirect_uri=%2Fapi%2Fstatus%2Fpage%23state%3Drefused"
            );
        await Expect(session.Page.Locator("#key-form")).ToBeHiddenAsync();
        await Expect(session.Page.Locator("#trouble")).ToBeEmptyAsync();
    }

    [Fact]
    public async Task Who_lacks_the_role_is_told_which_and_can_sign_out()
    {
        await using var session = await Session.StartAsync(
            chromium,
            new FakeService { Refusal = FakeService.Forbidden }
        );

        var card = session.Page.Locator("#sign-in");
        await Expect(card).ToContainTextAsync("The caller needs the app role Connections.Read.");
        await Expect(card.Locator("a"))
            .ToHaveAttributeAsync("href", "/.auth/logout?post_logout_redirect_uri=%2Fapi%2Fstatus%2Fpage");
    }

    [Fact]
    public async Task Facts_go_when_the_session_ends_and_come_back_with_the_next_one()
    {
        await using var session = await Session.StartAsync(chromium);
        await Expect(session.Rows).ToHaveCountAsync(7);

        session.Service.Refusal = FakeService.Unauthenticated;
        await session.Button("Update now").ClickAsync();

        await Expect(session.Page.Locator("#sign-in")).ToBeVisibleAsync();
        await Expect(session.Rows).ToHaveCountAsync(0);
        await Expect(session.Page.Locator("body")).Not.ToContainTextAsync("contoso");

        session.Service.Refusal = null;
        await session.Button("Update now").ClickAsync();

        await Expect(session.Rows).ToHaveCountAsync(7);
        await Expect(session.Page.Locator("#sign-in")).ToBeHiddenAsync();
    }
}
