using System.Text.Json;
using BackupFunctions.Testing;
using static Microsoft.Playwright.Assertions;

namespace BackupFunctions.Browser.Tests;

/// <summary>axe finds nothing to complain of, wherever the page is.</summary>
public sealed class AccessibilityTests(Chromium chromium)
{
    public static TheoryData<string> Looks { get; } = ["light", "dark", "phone"];

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task With_few_connections_and_details_open(string look)
    {
        await using var session = await StartAsync(
            look,
            new FakeService { Unreadable = [new { Secret = "contoso-veeam", Detail = "vendor is veaam." }] }
        );
        await Expect(session.Rows).ToHaveCountAsync(7);
        await session.Page.Locator("#unreadable summary").ClickAsync();
        foreach (var fact in Fact.Each)
            await session.OpenAsync(fact);

        Assert.Empty(await ViolationsAsync(session));
    }

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task With_groups_of_which_one_is_closed(string look)
    {
        await using var session = await StartAsync(look, new FakeService());
        await session.Page.Locator("#group").SelectOptionAsync("vendor");
        await session.Page.Locator("tr.group button").First.ClickAsync();
        await Expect(session.Rows).ToHaveCountAsync(6);

        Assert.Empty(await ViolationsAsync(session));
    }

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task With_five_thousand_connections(string look)
    {
        await using var session = await StartAsync(look, new FakeService { Facts = Fact.Many(5_000) });
        await Expect(session.Rows).ToHaveCountAsync(50);

        Assert.Empty(await ViolationsAsync(session));
    }

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task With_a_dialog_open_and_its_problem_told(string look)
    {
        await using var session = await StartAsync(
            look,
            new FakeService
            {
                Answer = (
                    424,
                    FakeService.Problem(
                        "credentials-refused",
                        "The vendor refused the credentials",
                        "The code is wrong.",
                        424
                    )
                ),
            }
        );
        await session.Button("Enrol… veeam/berlin").ClickAsync();
        await session.Page.Keyboard.TypeAsync("000000");
        await session.Page.Keyboard.PressAsync("Enter");
        await Expect(session.Dialog).ToContainTextAsync("The code is wrong.");

        Assert.Empty(await ViolationsAsync(session));
    }

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task With_the_confirmation_open(string look)
    {
        await using var session = await StartAsync(look, new FakeService());
        await session.OpenAsync(Fact.Each[0]);
        await session.Button("Sign out…").ClickAsync();
        await Expect(session.Dialog).ToHaveCountAsync(1);

        Assert.Empty(await ViolationsAsync(session));
    }

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task With_the_question_for_the_key(string look)
    {
        await using var session = await StartAsync(look, new FakeService { StatusKey = "k" });
        await session.Page.Locator("#key").FillAsync("wrong");
        await session.Page.Keyboard.PressAsync("Enter");
        await Expect(session.Page.Locator("#key-problem")).Not.ToBeEmptyAsync();

        Assert.Empty(await ViolationsAsync(session));
    }

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task With_the_way_to_sign_in(string look)
    {
        await using var session = await StartAsync(look, new FakeService { Refusal = FakeService.Unauthenticated });
        await Expect(session.Page.Locator("#sign-in")).ToBeVisibleAsync();

        Assert.Empty(await ViolationsAsync(session));
    }

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task With_notices_filters_and_a_silent_service(string look)
    {
        await using var session = await StartAsync(look, new FakeService());
        await session.Button("Refresh acronis/default").ClickAsync();
        await Expect(session.Page.Locator(".notice.good")).ToHaveCountAsync(1);
        session.Service.IsSilent = true;
        await session.Button("Refresh backupnet/default").ClickAsync();
        await Expect(session.Page.Locator(".notice.bad")).ToHaveCountAsync(1);
        await Expect(session.Page.Locator("#trouble")).ToContainTextAsync("may be out of date");
        await session.Button("Refused 1").ClickAsync();

        Assert.Empty(await ViolationsAsync(session));
    }

    [Fact]
    public async Task It_would_find_a_button_without_a_name()
    {
        await using var session = await StartAsync("light", new FakeService());
        await Expect(session.Rows).ToHaveCountAsync(7);

        await session.Page.EvaluateAsync("() => document.body.append(document.createElement('button'))");

        Assert.Contains(await ViolationsAsync(session), violation =>
            violation.StartsWith("button-name", StringComparison.Ordinal)
        );
    }

    private Task<Session> StartAsync(string look, FakeService service) =>
        Session.StartAsync(
            chromium,
            service,
            look switch
            {
                "dark" => Look.Dark,
                "phone" => Look.Phone,
                _ => Look.Usual,
            }
        );

    private static async Task<IReadOnlyList<string>> ViolationsAsync(Session session)
    {
        await NodePackages.EnsureAsync();
        await session.Page.EvaluateAsync(
            await File.ReadAllTextAsync(Path.Combine(NodePackages.Folder, "node_modules", "axe-core", "axe.min.js"))
        );
        var result = await session.Page.EvaluateAsync<JsonElement>(
            "() => axe.run(document, { resultTypes: ['violations'] })"
        );
        return
        [
            .. from violation in result.GetProperty("violations").EnumerateArray()
            from node in violation.GetProperty("nodes").EnumerateArray()
            select $"{violation.GetProperty("id").GetString()}: {node.GetProperty("html").GetString()}: {node.GetProperty("failureSummary").GetString()}",
        ];
    }
}
