using static Microsoft.Playwright.Assertions;

namespace BackupFunctions.Browser.Tests;

public sealed class KeyTests(Chromium chromium)
{
    private const string Key = "k3y-of-the-status/+==";

    [Fact]
    public async Task Where_no_key_is_needed_none_is_asked_for()
    {
        await using var session = await Session.StartAsync(chromium);

        await Expect(session.Rows).ToHaveCountAsync(7);
        await Expect(session.Page.Locator("#key-form")).ToBeHiddenAsync();
        await Expect(session.Button("Forget key")).ToBeHiddenAsync();
        Assert.All(session.Service.Requests, request => Assert.Null(request.Key));
    }

    [Fact]
    public async Task A_key_is_asked_for_once_and_sent_in_a_header_alone()
    {
        await using var session = await Session.StartAsync(chromium, new FakeService { StatusKey = Key });

        await GiveAsync(session, Key);

        await Expect(session.Rows).ToHaveCountAsync(7);
        await session.Page.ReloadAsync();
        await Expect(session.Rows).ToHaveCountAsync(7);
        Assert.Equal([null, Key, Key], session.Service.Requests.Select(request => request.Key));
        Assert.All(session.Service.Requests, request => Assert.Equal("/api/status?history=true", request.Path));
        Assert.DoesNotContain("k3y", session.Page.Url, StringComparison.Ordinal);
        Assert.Equal(
            "",
            await session.Page.EvaluateAsync<string>("() => document.cookie + Object.values(localStorage).join()")
        );
    }

    [Fact]
    public async Task The_form_has_the_focus_and_hides_what_is_typed()
    {
        await using var session = await Session.StartAsync(chromium, new FakeService { StatusKey = Key });
        var field = session.Page.Locator("#key");

        await Expect(field).ToBeFocusedAsync();
        await Expect(field).ToHaveAttributeAsync("type", "password");
        await Expect(field).ToHaveAttributeAsync("autocomplete", "off");
    }

    [Fact]
    public async Task A_wrong_key_is_called_wrong_and_forgotten()
    {
        await using var session = await Session.StartAsync(chromium, new FakeService { StatusKey = Key });

        await GiveAsync(session, "wrong");

        await Expect(session.Page.Locator("#key-problem")).ToContainTextAsync("This key does not work for the status");
        await Expect(session.Page.Locator("#key")).ToBeFocusedAsync();
        Assert.Equal(0, await session.Page.EvaluateAsync<int>("() => sessionStorage.length"));
    }

    [Fact]
    public async Task Where_the_service_does_not_know_the_caller_it_says_so_and_the_right_key_stays()
    {
        await using var session = await Session.StartAsync(
            chromium,
            new FakeService { StatusKey = Key, Refusal = FakeService.Unauthenticated }
        );

        await GiveAsync(session, Key);

        await Expect(session.Page.Locator("#sign-in")).ToContainTextAsync("Sign in first.");
        await Expect(session.Page.Locator("#key-form")).ToBeHiddenAsync();
        session.Service.Refusal = null;
        await session.Button("Update now").ClickAsync();
        await Expect(session.Rows).ToHaveCountAsync(7);
        Assert.Equal([null, Key, Key], session.Service.Requests.Select(request => request.Key));
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("schlüssel")]
    public async Task What_cannot_be_a_key_is_not_sent(string text)
    {
        await using var session = await Session.StartAsync(chromium, new FakeService { StatusKey = Key });
        await Expect(session.Page.Locator("#key")).ToBeFocusedAsync();

        await GiveAsync(session, text);

        await Expect(session.Page.Locator("#key-problem")).Not.ToBeEmptyAsync();
        Assert.Equal(1, session.Service.StatusCalls);
    }

    [Fact]
    public async Task Another_tab_does_not_know_the_key()
    {
        await using var session = await Session.StartAsync(chromium, new FakeService { StatusKey = Key });
        await GiveAsync(session, Key);
        await Expect(session.Rows).ToHaveCountAsync(7);

        var other = await session.Context.NewPageAsync();
        await other.GotoAsync(chromium.Page);

        await Expect(other.Locator("#key")).ToBeFocusedAsync();
        await Expect(other.Locator("tr.row")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Forgetting_the_key_takes_the_facts_away_too()
    {
        await using var session = await Session.StartAsync(chromium, new FakeService { StatusKey = Key });
        await GiveAsync(session, Key);
        await Expect(session.Rows).ToHaveCountAsync(7);

        await session.Button("Forget key").ClickAsync();

        await Expect(session.Page.Locator("#key")).ToBeFocusedAsync();
        await Expect(session.Rows).ToHaveCountAsync(0);
        await Expect(session.Page.Locator("body")).Not.ToContainTextAsync("contoso");
        Assert.Equal(0, await session.Page.EvaluateAsync<int>("() => sessionStorage.length"));
    }

    [Fact]
    public async Task A_key_that_is_renewed_meanwhile_is_asked_for_again_and_the_facts_go()
    {
        await using var session = await Session.StartAsync(chromium, new FakeService { StatusKey = Key });
        await GiveAsync(session, Key);
        await Expect(session.Rows).ToHaveCountAsync(7);
        session.Service.StatusKey = "another";

        await session.Button("Update now").ClickAsync();

        await Expect(session.Page.Locator("#key-problem")).ToContainTextAsync("have been renewed");
        await Expect(session.Rows).ToHaveCountAsync(0);
    }

    private static async Task GiveAsync(Session session, string key)
    {
        await session.Page.Locator("#key").FillAsync(key);
        await session.Page.Keyboard.PressAsync("Enter");
    }
}
