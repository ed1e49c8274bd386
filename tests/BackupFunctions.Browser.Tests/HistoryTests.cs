using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BackupFunctions.Browser.Tests;

/// <summary>The last day: of each connection, and of all.</summary>
public sealed class HistoryTests(Chromium chromium)
{
    private static readonly Fact Refused = Fact.Each[2];

    private static readonly Fact Missing = Fact.Refused("veeam", "oslo") with
    {
        Summary = "A credential is missing or unusable, and an operator must act; there is no usable token.",
        LastFailure = new(
            Fact.Ago(3),
            "credential-missing",
            "A credential is missing or unusable",
            "The secret veeam-oslo-password is not in the vault.",
            null,
            null
        ),
    };

    [Fact]
    public async Task A_strip_shows_the_last_day_in_shapes_and_tells_each_quarter_under_the_pointer()
    {
        await using var session = await Session.StartAsync(chromium);
        var strip = session.Cell(Refused, "failure").Locator(".strip");

        await Expect(strip.Locator("svg"))
            .ToHaveAttributeAsync(
                "aria-label",
                "Last 24 hours: failing for 2 h 15 min, renewed in 22 quarters of an hour"
            );

        // A refusal is two bars, a renewal a short one: no colour is needed to tell them apart.
        Assert.Equal(18, await BarsAsync(strip, "refused"));
        Assert.Equal(22, await BarsAsync(strip, "renewed"));
        var box = (await strip.BoundingBoxAsync())!;
        await session.Page.Mouse.MoveAsync(box.X + box.Width - 1, box.Y + 5);
        await Expect(strip).ToHaveAttributeAsync("title", "23:30–23:45 UTC: refused (credentials-refused)");
        await session.Page.Mouse.MoveAsync(box.X + (box.Width * 1.5f / 96), box.Y + 5);
        await Expect(strip).ToHaveAttributeAsync("title", "00:00–00:15 UTC: renewed");
    }

    [Fact]
    public async Task The_details_tell_the_day_in_a_table_and_who_caused_the_last_events()
    {
        await using var session = await Session.StartAsync(chromium);
        await session.OpenAsync(Refused);

        var quarters = session.Details.Locator("[data-part=quarters] tr");
        await Expect(quarters.Last).ToHaveTextAsync("21:30–23:45 UTCrefused (credentials-refused)");
        await Expect(session.Details.Locator("[data-part=events] td:nth-child(2)"))
            .ToHaveTextAsync(["refused (credentials-refused)", "refused (credentials-refused)", "renewed"]);
        await Expect(session.Details.Locator("[data-part=events] td:nth-child(3)"))
            .ToHaveTextAsync(["an operator’s refresh: ann@contoso.com", "the timer", "a caller: Nightly report"]);
        await Expect(session.Row(Refused).Locator("[data-part=since]")).ToContainTextAsync("broken for 2 h");
    }

    [Fact]
    public async Task The_chart_counts_who_failed_and_when()
    {
        await using var session = await Session.StartAsync(chromium);

        await Expect(session.Page.Locator("#day-words"))
            .ToHaveTextAsync(
                "Failing in the last 24 hours: 3 at most (21:30–21:45 UTC), 3 in this quarter of an hour."
            );
    }

    [Fact]
    public async Task A_name_is_whole_on_a_phone_too()
    {
        await using var session = await Session.StartAsync(chromium, look: Look.Phone);
        await Expect(session.Rows).ToHaveCountAsync(7);

        var cut = await session.Page.EvaluateAsync<int>(
            "() => [...document.querySelectorAll('.row [data-part=name]')]"
                + ".filter(name => name.scrollWidth > name.clientWidth).length"
        );

        Assert.Equal(0, cut);
    }

    [Fact]
    public async Task A_missing_credential_is_not_called_a_refusal()
    {
        await using var session = await StartAsync(Missing, Refused);

        await Expect(session.Row(Missing).Locator(".state")).ToHaveTextAsync("Credential missing");
        await session.Button("Credential missing 1").ClickAsync();
        await Expect(session.Rows).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task No_sentence_is_in_a_row_twice()
    {
        var repeated = Missing with
        {
            Connection = "rom",
            LastFailure = Missing.LastFailure! with { Detail = Missing.Summary },
        };
        await using var session = await StartAsync([.. Fact.Each, Missing, repeated]);
        foreach (var fact in session.Service.Facts)
        {
            await session.OpenAsync(fact);
            var text = await session.Row(fact).InnerTextAsync() + "\n" + await WordsOfDetailsAsync(session);
            var sentences = text.Split('\n', '\t', '.').Select(part => part.Trim()).Where(part => part.Contains(' '));

            Assert.DoesNotContain(
                sentences.Where(part => part.Length > 25 && part[0] != ',').CountBy(part => part),
                one => one.Value > 1
            );
            await session.OpenAsync(fact);
        }
    }

    [Fact]
    public async Task Groups_close_and_open_and_stay_so_after_a_reload()
    {
        await using var session = await Session.StartAsync(chromium);
        await session.Page.Locator("#group").SelectOptionAsync("vendor");
        await Expect(session.Page.Locator("tr.group")).ToHaveCountAsync(5);
        var veeam = session.Page.Locator("tr.group", new() { HasText = "Veeam" });
        await Expect(veeam).ToHaveTextAsync("Veeam 3 connections, 1 broken");

        await veeam.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(session.Rows).ToHaveCountAsync(4);
        await session.Page.ReloadAsync();

        await Expect(session.Rows).ToHaveCountAsync(4);
        await Expect(veeam.GetByRole(AriaRole.Button)).ToHaveAttributeAsync("aria-expanded", "false");
        await Expect(session.Page.Locator("#group")).ToHaveValueAsync("vendor");
        Assert.EndsWith("#group=vendor&closed=veeam", session.Page.Url, StringComparison.Ordinal);
        await Expect(session.Page.Locator("#range")).ToHaveTextAsync("1–4 of 7");
    }

    [Fact]
    public async Task A_customer_is_whoever_gives_connections_their_name()
    {
        await using var session = await Session.StartAsync(
            chromium,
            fragment: "#group=customer&state=healthy,renewing"
        );

        await Expect(session.Page.Locator("tr.group")).ToHaveCountAsync(1);
        await Expect(session.Page.Locator("tr.group")).ToHaveTextAsync("default 2 connections");
        await Expect(session.Rows).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task The_history_is_asked_for_at_first_and_when_something_was_done_and_not_each_time()
    {
        await using var session = await Session.StartAsync(chromium);
        await Expect(session.Rows).ToHaveCountAsync(7);
        await session.UpdateAsync();
        await session.UpdateAsync();
        await Expect(session.Row(Refused).Locator(".strip")).ToBeVisibleAsync();
        await session.Button("Refresh acronis/default").ClickAsync();
        await Expect(session.Page.Locator(".notice.good")).ToHaveCountAsync(1);
        await session.DrawnAsync();

        Assert.Equal(
            ["status?history=true", "status", "status", "Refresh/acronis/default", "status?history=true"],
            session.Service.Requests.Select(request => request.Path["/api/".Length..])
        );
    }

    [Fact]
    public async Task A_service_without_histories_is_shown_as_before()
    {
        await using var session = await Session.StartAsync(chromium, new FakeService { HasHistory = false });

        await Expect(session.Rows).ToHaveCountAsync(7);
        await Expect(session.Page.Locator("#day")).ToBeHiddenAsync();
        await Expect(session.Cell(Refused, "failure").Locator(".strip")).ToBeHiddenAsync();
        await Expect(session.Cell(Refused, "vendor")).ToHaveTextAsync("avepoint");
    }

    /// <summary>Without the events: the same may happen again.</summary>
    private static async Task<string> WordsOfDetailsAsync(Session session) =>
        string.Join('\n', await session.Details.Locator(".sentence, .failure, .life, .facts").AllInnerTextsAsync());

    private Task<Session> StartAsync(params IReadOnlyList<Fact> facts) =>
        Session.StartAsync(chromium, new FakeService { Facts = facts });

    private static async Task<int> BarsAsync(ILocator strip, string kind) =>
        (await strip.Locator($".{kind}").GetAttributeAsync("d"))!.Count(letter => letter == 'M');
}
