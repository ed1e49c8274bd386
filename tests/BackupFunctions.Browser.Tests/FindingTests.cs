using static Microsoft.Playwright.Assertions;

namespace BackupFunctions.Browser.Tests;

public sealed class FindingTests(Chromium chromium)
{
    [Theory]
    [InlineData("contoso", "contoso")]
    [InlineData("VEEAM par", "paris")]
    [InlineData("backup.net", "default")]
    [InlineData("vendor-unavailable", "default")]
    [InlineData("client is disabled", "contoso")]
    public async Task The_search_finds_names_vendors_and_failures(string search, string found)
    {
        await using var session = await Session.StartAsync(chromium);
        await Expect(session.Rows).ToHaveCountAsync(7);

        await session.Page.Locator("#search").FillAsync(search);

        await Expect(session.Rows).ToHaveCountAsync(1);
        Assert.Equal([found], await session.NamesAsync());
    }

    [Fact]
    public async Task States_filter_together_and_tell_how_many_each_would_show()
    {
        await using var session = await Session.StartAsync(chromium);

        await session.Button("Refused 1").ClickAsync();
        await session.Button("Signed out 1").ClickAsync();

        await Expect(session.Rows).ToHaveCountAsync(2);
        Assert.Equal(["contoso", "paris"], await session.NamesAsync());
        await Expect(session.Button("Refused 1")).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(session.Button("Healthy 1")).ToHaveAttributeAsync("aria-pressed", "false");
        await session.Button("All 7").ClickAsync();
        await Expect(session.Rows).ToHaveCountAsync(7);
    }

    [Fact]
    public async Task A_vendor_filters_and_the_states_count_with_it()
    {
        await using var session = await Session.StartAsync(chromium);
        await Expect(session.Page.Locator("#vendor option"))
            .ToHaveTextAsync([
                "All vendors (7)",
                "Acronis (1)",
                "Acronis CyberApp (1)",
                "AvePoint (1)",
                "backup.net (1)",
                "Veeam (3)",
            ]);

        await session.Page.Locator("#vendor").SelectOptionAsync("veeam");

        await Expect(session.Rows).ToHaveCountAsync(3);
        await Expect(session.Button("All 3")).ToBeVisibleAsync();
        await Expect(session.Page.Locator("#chips")).Not.ToContainTextAsync("Refused 1");
    }

    [Fact]
    public async Task Credentials_that_end_soon_can_be_seen_alone()
    {
        await using var session = await Session.StartAsync(chromium);

        await session.Button("Credential expires soon 1").ClickAsync();

        await Expect(session.Rows).ToHaveCountAsync(1);
        Assert.Equal(["contoso"], await session.NamesAsync());
    }

    [Fact]
    public async Task Broken_ones_come_first_until_another_order_is_asked_for()
    {
        await using var session = await Session.StartAsync(chromium);
        await Expect(session.Rows).ToHaveCountAsync(7);
        var head = session.Page.Locator("th.c-connection");

        var atFirst = await session.NamesAsync();
        await session.Page.Locator("th.c-connection .sort").ClickAsync();
        var ascending = await session.NamesAsync();
        await Expect(head).ToHaveAttributeAsync("aria-sort", "ascending");
        await session.Page.Locator("th.c-connection .sort").ClickAsync();

        await Expect(head).ToHaveAttributeAsync("aria-sort", "descending");
        Assert.Equal(["contoso", "berlin", "default", "wien", "paris", "default", "default"], atFirst);
        Assert.Equal(["berlin", "contoso", "default", "default", "default", "paris", "wien"], ascending);
        Assert.Equal("wien", (await session.NamesAsync())[0]);
        await Expect(session.Page.Locator("[aria-sort]")).ToHaveCountAsync(1);
    }

    [Theory]
    [InlineData("token", "acronis-cyberapp/default")]
    [InlineData("failure", "backupnet/default")]
    [InlineData("next", "backupnet/default")]
    [InlineData("credential", "avepoint/contoso")]
    public async Task Sorted_by_an_instant_what_is_most_urgent_comes_first_and_what_is_absent_last(
        string column,
        string first
    )
    {
        var service = new FakeService
        {
            Facts = [.. Fact.Each.Where(fact => column != "token" || fact.State != "backing-off")],
        };
        await using var session = await Session.StartAsync(chromium, service);

        await session.Page.Locator($"th.c-{column} .sort").ClickAsync();

        await Expect(session.Rows.First.Locator("[data-part=primary]"))
            .ToHaveAttributeAsync("aria-label", $"Refresh {first}");
        await Expect(session.Rows.Last.Locator(".c-connection, .c-name")).ToHaveTextAsync("wien");
    }

    [Fact]
    public async Task What_is_looked_at_stands_in_the_address_and_outlives_a_reload()
    {
        await using var session = await Session.StartAsync(
            chromium,
            fragment: "#state=signed-out,never&vendor=veeam&sort=connection-down"
        );
        await Expect(session.Rows).ToHaveCountAsync(2);
        Assert.Equal(["wien", "paris"], await session.NamesAsync());
        await session.Page.Locator("#search").FillAsync("pari");

        await session.Page.ReloadAsync();

        await Expect(session.Page.Locator("#search")).ToHaveValueAsync("pari");
        await Expect(session.Rows).ToHaveCountAsync(1);
        Assert.EndsWith(
            "#q=pari&state=signed-out%2Cnever&vendor=veeam&sort=connection-down",
            session.Page.Url,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Where_nothing_matches_one_button_shows_all_again()
    {
        await using var session = await Session.StartAsync(chromium);
        await Expect(session.Rows).ToHaveCountAsync(7);
        await session.Page.Locator("#search").FillAsync("zzz");
        await Expect(session.Page.Locator("#nothing")).ToContainTextAsync("No connection matches.");

        await session.Button("Clear search and filters").ClickAsync();

        await Expect(session.Rows).ToHaveCountAsync(7);
        await Expect(session.Page.Locator("#search")).ToBeFocusedAsync();
        await Expect(session.Page.Locator("#search")).ToHaveValueAsync("");
    }

    [Fact]
    public async Task How_many_are_found_is_said_politely_and_once()
    {
        await using var session = await Session.StartAsync(chromium);
        await Expect(session.Rows).ToHaveCountAsync(7);
        await session.Page.EvaluateAsync(
            "() => { window.said = []; new MutationObserver(() => "
                + "said.push(announcer.textContent)).observe(announcer, { childList: true }); }"
        );

        await session.Page.Locator("#search").PressSequentiallyAsync("veeam");

        await Expect(session.Page.Locator("#announcer")).ToHaveTextAsync("3 connections of 7");
        Assert.Equal(["3 connections of 7"], await session.Page.EvaluateAsync<string[]>("() => said"));
    }
}
