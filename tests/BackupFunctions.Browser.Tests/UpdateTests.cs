using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BackupFunctions.Browser.Tests;

public sealed class UpdateTests(Chromium chromium)
{
    private static readonly Fact Watched = Fact.Each[0];

    [Fact]
    public async Task The_page_asks_again_every_fifteen_seconds()
    {
        await using var session = await Session.StartAsync(chromium, ownClock: true);
        await Expect(session.Rows).ToHaveCountAsync(7);
        session.Service.Facts = [.. Fact.Each, Fact.Healthy("veeam", "zagreb")];

        await session.Page.Clock.RunForAsync(13_000);
        await session.DrawnAsync();
        var before = session.Service.StatusCalls;
        await session.Page.Clock.RunForAsync(3_000);

        await Expect(session.Rows).ToHaveCountAsync(8);
        Assert.Equal((1, 2), (before, session.Service.StatusCalls));
    }

    [Fact]
    public async Task News_change_the_row_in_place_and_take_neither_focus_nor_scroll()
    {
        await using var session = await Session.StartAsync(chromium, new FakeService { Facts = Fact.Many(300) });
        var fact = session.Service.Facts[20];
        var expand = session.Row(fact).Locator(".expand");
        await expand.FocusAsync();
        await session.Page.EvaluateAsync(
            "() => { scrollTo(0, 400); document.activeElement.closest('tr').same = true; }"
        );
        var scroll = await session.Page.EvaluateAsync<double>(
            "() => document.activeElement.getBoundingClientRect().top"
        );
        // The row stays on its page, but not in its place: others come before it now.
        session.Service.Facts =
        [
            .. session.Service.Facts.Select(
                (other, index) => index is > 20 and < 30 ? Fact.Refused(other.Vendor, other.Connection) : other
            ),
        ];

        await session.Page.EvaluateAsync("() => document.getElementById('update-now').click()");

        await Expect(session.Page.Locator("h1")).ToContainTextAsync("13 refused");
        await Expect(expand).ToBeFocusedAsync();
        Assert.True(await session.Row(fact).EvaluateAsync<bool>("row => row.same"));
        Assert.Equal(
            scroll,
            await session.Page.EvaluateAsync<double>("() => document.activeElement.getBoundingClientRect().top"),
            1.0
        );
    }

    [Fact]
    public async Task An_answer_without_news_changes_nothing_in_the_table_but_the_time()
    {
        await using var session = await Session.StartAsync(chromium);
        await session.OpenAsync(Fact.Each[2]);
        await session.Page.EvaluateAsync(
            """
            () => {
              window.changes = [];
              new MutationObserver(found => changes.push(...found.map(one => one.target.outerHTML ?? one.target.textContent)))
                .observe(document.getElementById('rows'), { subtree: true, childList: true, characterData: true });
            }
            """
        );

        await session.UpdateAsync();

        Assert.Empty(await session.Page.EvaluateAsync<string[]>("() => changes"));
        await Expect(session.Details).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_row_that_somebody_is_in_stays_though_it_no_longer_matches()
    {
        await using var session = await Session.StartAsync(chromium);
        var refused = Fact.Each[2];
        await session.Button("Refused 1").ClickAsync();
        await session.Row(refused).Locator("[data-part=primary]").FocusAsync();
        session.Service.Facts =
        [
            .. Fact.Each.Select(fact => fact == refused ? Fact.Healthy(fact.Vendor, fact.Connection) : fact),
        ];

        await session.Page.EvaluateAsync("() => document.getElementById('update-now').click()");

        await Expect(session.Cell(refused, "state")).ToHaveTextAsync("Healthy");
        await Expect(session.Row(refused).Locator("[data-part=primary]")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task What_broke_is_said_politely_and_daily_life_is_not()
    {
        await using var session = await Session.StartAsync(chromium);
        await Expect(session.Rows).ToHaveCountAsync(7);
        session.Service.Facts =
        [
            .. Fact.Each.Select(fact =>
                fact.State == "renewing" ? fact with { State = "healthy" }
                : fact == Watched ? Fact.Refused(fact.Vendor, fact.Connection)
                : fact
            ),
        ];

        await session.UpdateAsync();

        await Expect(session.Page.Locator("#announcer")).ToHaveTextAsync("acronis/default: refused.");
    }

    [Fact]
    public async Task Times_go_on_between_the_answers()
    {
        await using var session = await Session.StartAsync(chromium, ownClock: true);
        await Expect(session.Cell(Watched, "token")).ToContainTextAsync("expires in 1 h 20 min");
        session.Service.IsSilent = true;

        await session.Page.Clock.RunForAsync(60_000);

        await Expect(session.Cell(Watched, "token")).ToContainTextAsync("expires in 1 h 19 min");
    }

    [Fact]
    public async Task A_hidden_tab_does_not_ask_and_a_shown_one_asks_at_once()
    {
        await using var session = await Session.StartAsync(chromium, ownClock: true);
        await Expect(session.Rows).ToHaveCountAsync(7);

        await SetVisibilityAsync(session, "hidden");
        await session.Page.Clock.RunForAsync(120_000);
        await session.DrawnAsync();
        var whileHidden = session.Service.StatusCalls;
        await session.Page.RunAndWaitForResponseAsync(() => SetVisibilityAsync(session, "visible"), "**/api/status");

        Assert.Equal((1, 2), (whileHidden, session.Service.StatusCalls));
    }

    [Fact]
    public async Task A_silent_service_is_told_and_what_is_shown_is_marked_as_old()
    {
        await using var session = await Session.StartAsync(chromium);
        await Expect(session.Rows).ToHaveCountAsync(7);
        session.Service.IsSilent = true;

        await session.Button("Update now").ClickAsync();

        var trouble = session.Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "The service does not answer." });
        await Expect(trouble).ToContainTextAsync("What you see is from 2026-11-24 23:30:00 UTC");
        await Expect(session.Page.Locator("#updated")).ToContainTextAsync("Last updated");
        await Expect(session.Page.Locator("body")).ToHaveClassAsync("stale");
        await Expect(session.Rows).ToHaveCountAsync(7);
    }

    [Fact]
    public async Task A_service_that_answers_again_is_believed_again()
    {
        await using var session = await Session.StartAsync(chromium, ownClock: true);
        await Expect(session.Rows).ToHaveCountAsync(7);
        session.Service.Failing = 503;
        await session.Button("Update now").ClickAsync();
        await Expect(session.Page.Locator("#trouble")).ToContainTextAsync("The service answered with HTTP 503");
        session.Service.Failing = null;

        await session.Page.Clock.RunForAsync(20_000);

        await Expect(session.Page.Locator("#trouble")).ToBeEmptyAsync();
        await Expect(session.Page.Locator("#updated")).ToContainTextAsync("Updated");
    }

    [Fact]
    public async Task A_service_that_never_answered_leaves_no_empty_table()
    {
        await using var session = await Session.StartAsync(chromium, new FakeService { IsSilent = true });

        await Expect(session.Page.Locator("h1")).ToHaveTextAsync("No status yet");
        await Expect(session.Page.Locator("#trouble")).ToContainTextAsync("The service does not answer.");
        await Expect(session.Page.Locator("#content")).ToBeHiddenAsync();
    }

    private static async Task SetVisibilityAsync(Session session, string state) =>
        await session.Page.EvaluateAsync(
            "state => { Object.defineProperty(document, 'visibilityState', { value: state, configurable: true }); "
                + "document.dispatchEvent(new Event('visibilitychange')); }",
            state
        );
}
