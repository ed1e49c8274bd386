using static Microsoft.Playwright.Assertions;

namespace BackupFunctions.Browser.Tests;

public sealed class KeyboardTests(Chromium chromium)
{
    [Fact]
    public async Task The_first_tab_stop_skips_to_the_connections()
    {
        await using var session = await Session.StartAsync(chromium);
        await Expect(session.Rows).ToHaveCountAsync(7);

        await session.Page.Keyboard.PressAsync("Tab");
        await Expect(session.Page.Locator("#skip")).ToBeFocusedAsync();
        await Expect(session.Page.Locator("#skip")).ToBeInViewportAsync();
        await session.Page.Keyboard.PressAsync("Enter");

        await Expect(session.Page.Locator("#table")).ToBeFocusedAsync();
        await session.Page.Keyboard.PressAsync("Tab");
        await Expect(session.Page.Locator("th.c-state .sort")).ToBeFocusedAsync();
        Assert.DoesNotContain("#", session.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slash_goes_to_the_search_and_escape_empties_it()
    {
        await using var session = await Session.StartAsync(chromium);
        await Expect(session.Rows).ToHaveCountAsync(7);

        await session.Page.Keyboard.PressAsync("/");
        await session.Page.Keyboard.TypeAsync("a/b");
        await Expect(session.Page.Locator("#search")).ToHaveValueAsync("a/b");
        await session.Page.Keyboard.PressAsync("Escape");

        await Expect(session.Page.Locator("#search")).ToHaveValueAsync("");
        await Expect(session.Rows).ToHaveCountAsync(7);
    }

    [Fact]
    public async Task Enter_opens_a_rows_details_and_the_next_tab_stops_are_in_them()
    {
        await using var session = await Session.StartAsync(chromium);
        var expand = session.Row(Fact.Each[2]).Locator(".expand");
        await expand.FocusAsync();

        await session.Page.Keyboard.PressAsync("Enter");
        await Expect(expand).ToHaveAttributeAsync("aria-expanded", "true");
        await session.Page.Keyboard.PressAsync("Tab");
        await session.Page.Keyboard.PressAsync("Tab");

        await Expect(session.Details.Locator("[data-part=refresh]")).ToBeFocusedAsync();
        await expand.PressAsync("Enter");
        await Expect(session.Details).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_arrows_go_from_row_to_row()
    {
        await using var session = await Session.StartAsync(chromium);
        await session.Rows.Nth(0).Locator(".expand").FocusAsync();

        await session.Page.Keyboard.PressAsync("ArrowDown");
        await session.Page.Keyboard.PressAsync("ArrowDown");
        await Expect(session.Rows.Nth(2).Locator(".expand")).ToBeFocusedAsync();
        await session.Page.Keyboard.PressAsync("ArrowUp");

        await Expect(session.Rows.Nth(1).Locator(".expand")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task What_has_the_focus_shows_it()
    {
        await using var session = await Session.StartAsync(chromium);
        await session.Rows.Nth(0).Locator(".expand").FocusAsync();

        await session.Page.Keyboard.PressAsync("ArrowDown");

        await Expect(session.Rows.Nth(1).Locator(".expand")).ToHaveCSSAsync("outline-width", "2px");
        await Expect(session.Rows.Nth(1).Locator(".expand")).ToHaveCSSAsync("outline-style", "solid");
    }
}
