using static Microsoft.Playwright.Assertions;

namespace BackupFunctions.Browser.Tests;

public sealed class TableTests(Chromium chromium)
{
    [Theory]
    [InlineData("acronis/default", "Healthy", "expires in 1 h 20 min")]
    [InlineData("acronis-cyberapp/default", "Renewing", "expires in 20 min")]
    [InlineData("avepoint/contoso", "Refused", "no token")]
    [InlineData("backupnet/default", "Backing off", "expired 10 min ago")]
    [InlineData("veeam/berlin", "Enrolment needed", "no token")]
    [InlineData("veeam/paris", "Signed out", "no token")]
    [InlineData("veeam/wien", "Idle", "no token")]
    public async Task Each_state_has_a_word_an_icon_and_what_becomes_of_its_token(
        string key,
        string word,
        string expiry
    )
    {
        await using var session = await Session.StartAsync(chromium);
        var fact = Fact.Each.Single(fact => fact.Key == key);

        await Expect(session.Cell(fact, "state").Locator(".state")).ToHaveTextAsync(word);
        await Expect(session.Cell(fact, "state").Locator("use")).ToHaveAttributeAsync("href", $"#icon-{fact.State}");
        await Expect(session.Cell(fact, "token")).ToContainTextAsync(expiry);
    }

    [Fact]
    public async Task The_sentence_on_top_and_the_tabs_title_tell_how_it_stands()
    {
        await using var session = await Session.StartAsync(chromium);

        await Expect(session.Page.Locator("h1"))
            .ToHaveTextAsync(
                "7 connections: 1 healthy, 1 refused, 1 enrolment "
                    + "needed, 1 backing off, 1 idle, 1 signed out, 1 renewing"
            );
        await Expect(session.Page).ToHaveTitleAsync("(3) BackupFunctions status");
        await Expect(session.Page.Locator("#notes")).ToHaveTextAsync("1 credential expires within 30 days.");
    }

    [Fact]
    public async Task An_instant_is_exact_on_hover_and_for_screen_readers()
    {
        await using var session = await Session.StartAsync(chromium);
        var time = session.Cell(Fact.Each[0], "token").Locator("time");

        await Expect(time).ToHaveAttributeAsync("title", "2026-11-25 00:50:30 UTC (01:50:30 here)");
        await Expect(time).ToHaveAttributeAsync("datetime", "2026-11-25T00:50:30.000Z");
        await Expect(time.Locator(".unseen")).ToHaveTextAsync(", 2026-11-25 00:50:30 UTC (01:50:30 here)");
    }

    [Fact]
    public async Task The_line_shows_a_tokens_life_and_says_it()
    {
        await using var session = await Session.StartAsync(chromium);
        var line = session.Cell(Fact.Each[0], "token").Locator("svg.lifeline");

        await Expect(line)
            .ToHaveAttributeAsync("aria-label", "Token: issued 40 min ago, renews in 1 h 5 min, expires in 1 h 20 min");
        await Expect(line).ToHaveClassAsync("lifeline early");
        // 40.5 of 121 minutes are spent; the last 15 are those in which it is renewed.
        Assert.InRange(await NumberAsync(line.Locator(".mark"), "x1"), 330, 340);
        Assert.InRange(await NumberAsync(line.Locator(".window"), "x"), 870, 880);
        Assert.Equal(1000, await NumberAsync(line.Locator(".track"), "width"));
        await Expect(session.Cell(Fact.Each[1], "token").Locator("svg")).ToHaveClassAsync("lifeline late");
        await Expect(session.Cell(Fact.Each[3], "token").Locator("svg")).ToHaveClassAsync("lifeline dead");
        await Expect(session.Cell(Fact.Each[2], "token").Locator("svg")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task A_failure_is_told_in_words_with_its_problem_type_and_the_next_attempt()
    {
        await using var session = await Session.StartAsync(chromium);
        var refused = Fact.Each[2];

        await Expect(session.Cell(refused, "failure")).ToContainTextAsync("The vendor refused the credentials");
        await Expect(session.Cell(refused, "failure").Locator("code")).ToHaveTextAsync("credentials-refused");
        await Expect(session.Cell(refused, "failure")).ToContainTextAsync("3 min ago");
        await Expect(session.Cell(refused, "next")).ToContainTextAsync("in 52 min");
    }

    [Fact]
    public async Task A_credential_that_ends_soon_has_a_warning_and_one_that_does_not_has_none()
    {
        await using var session = await Session.StartAsync(chromium);

        await Expect(session.Cell(Fact.Each[2], "credential")).ToContainTextAsync("in 12 days");
        await Expect(session.Cell(Fact.Each[2], "credential").Locator("svg")).ToBeVisibleAsync();
        await Expect(session.Cell(Fact.Each[0], "credential")).ToContainTextAsync("in 200 days");
        await Expect(session.Cell(Fact.Each[0], "credential").Locator("svg")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task The_details_tell_all_that_is_known()
    {
        await using var session = await Session.StartAsync(chromium);

        await session.OpenAsync(Fact.Each[2]);

        foreach (
            var text in new[]
            {
                "The vendor refused the credentials, and an operator must act; there is no usable token.",
                "The client is disabled.",
                "urn:backupfunctions:problem:credentials-refused",
                "HTTP 401",
                "OAuth error invalid_client",
                "/api/GetToken/avepoint/contoso",
            }
        )
            await Expect(session.Details).ToContainTextAsync(text);
        await session.OpenAsync(Fact.Each[0]);
        foreach (
            var text in new[] { "9f86d081884c7d65", "https://acronis.example", "Last success", "Renews in 1 h 5 min" }
        )
            await Expect(session.Details.Last).ToContainTextAsync(text);
        await session.OpenAsync(Fact.Each[5]);
        await Expect(session.Page.Locator("#details-veeam-paris")).ToContainTextAsync("Signed out");
    }

    [Fact]
    public async Task A_secret_that_defines_no_connection_is_told_with_the_reason()
    {
        await using var session = await Session.StartAsync(
            chromium,
            new FakeService { Unreadable = [new { Secret = "contoso-veeam", Detail = "vendor is veaam." }] }
        );

        await session.Page.GetByText("1 connection secret is invalid").ClickAsync();

        await Expect(session.Page.Locator("#unreadable")).ToContainTextAsync("contoso-veeam");
        await Expect(session.Page.Locator("#unreadable dd")).ToHaveTextAsync("vendor is veaam.");
    }

    [Fact]
    public async Task A_misconfigured_connection_is_among_the_broken_ones_and_cannot_be_signed_out()
    {
        var fact = new Fact("veeam", "new", "misconfigured")
        {
            Summary = "The settings of this connection are wrong, so it is not used.",
            LastFailure = new(
                null,
                "misconfigured",
                "The connection is misconfigured",
                "Connections:Veeam:new:BaseUrl is not set.",
                null,
                null
            ),
        };
        await using var session = await Session.StartAsync(
            chromium,
            new FakeService { Facts = [Fact.Healthy("acronis", "default"), fact] }
        );

        await Expect(session.Cell(fact, "state")).ToHaveTextAsync("Misconfigured");
        await Expect(session.Cell(fact, "state").Locator("use")).ToHaveAttributeAsync("href", "#icon-misconfigured");
        await Expect(session.Page).ToHaveTitleAsync("(1) BackupFunctions status");
        await session.OpenAsync(fact);
        var details = session.Page.Locator("#details-veeam-new");
        await Expect(details).ToContainTextAsync("Connections:Veeam:new:BaseUrl is not set.");
        await Expect(details.Locator("[data-part=signOut]")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Without_connections_the_page_says_where_they_come_from()
    {
        await using var session = await Session.StartAsync(chromium, new FakeService { Facts = [] });

        await Expect(session.Page.Locator("h1")).ToHaveTextAsync("No connections");
        await Expect(session.Page.Locator("#nothing")).ToContainTextAsync("There is no connection yet.");
        await Expect(session.Page.Locator("#table")).ToBeHiddenAsync();
        await Expect(session.Page.Locator("#tools")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task A_state_of_a_newer_service_is_shown_by_its_own_name()
    {
        var unknown = Fact.Healthy("acronis", "default") with { State = "paused" };
        await using var session = await Session.StartAsync(chromium, new FakeService { Facts = [unknown] });

        await Expect(session.Cell(unknown, "state")).ToHaveTextAsync("paused");
        await Expect(session.Page.Locator("#chips")).ToContainTextAsync("paused 1");
    }

    [Theory]
    [InlineData(320)]
    [InlineData(390)]
    [InlineData(768)]
    [InlineData(1201)]
    [InlineData(1280)]
    [InlineData(1320)]
    [InlineData(1400)]
    [InlineData(1600)]
    [InlineData(1920)]
    public async Task No_window_is_scrolled_sideways(int width)
    {
        await using var session = await Session.StartAsync(
            chromium,
            new FakeService { Facts = [.. Fact.Each, Fact.Healthy("veeam", new string('w', 40))] },
            new Look(Width: width)
        );
        await session.OpenAsync(Fact.Each[2]);

        await Expect(session.Cell(Fact.Each[2], "next")).ToBeVisibleAsync();
        Assert.Equal(width, await session.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
    }

    private static async Task<int> NumberAsync(Microsoft.Playwright.ILocator element, string attribute) =>
        int.Parse((await element.GetAttributeAsync(attribute))!, System.Globalization.CultureInfo.InvariantCulture);
}
