using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BackupFunctions.Browser.Tests;

public sealed class ActionTests(Chromium chromium)
{
    private static readonly Fact Healthy = Fact.Each[0];
    private static readonly Fact Berlin = Fact.Each[4];

    [Fact]
    public async Task Refresh_posts_json_tells_the_result_and_asks_for_the_new_status()
    {
        await using var session = await Session.StartAsync(chromium);

        await session.Button("Refresh acronis/default").ClickAsync();

        await Expect(session.Page.Locator(".notice")).ToContainTextAsync("acronis/default has a new token");
        await Expect(session.Page.Locator(".notice")).ToContainTextAsync("It is valid for 2 h.");
        await Expect(session.Page.Locator("#notices")).ToHaveAttributeAsync("aria-live", "polite");
        var (_, path, _, type, body) = Assert.Single(session.Service.Actions);
        Assert.Equal(("/api/Refresh/acronis/default", "application/json", "{}"), (path, type, body));
        await Expect(session.Button("Refresh acronis/default")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task While_an_action_is_under_way_it_cannot_be_asked_for_twice()
    {
        var service = new FakeService { Hold = new() };
        await using var session = await Session.StartAsync(chromium, service);
        await session.Button("Refresh acronis/default").ClickAsync();
        var busy = session.Button("Refreshing… acronis/default");

        await Expect(busy).ToHaveAttributeAsync("aria-disabled", "true");
        await busy.ClickAsync(new() { Force = true });
        service.Hold.SetResult();

        await Expect(session.Button("Refresh acronis/default")).ToHaveAttributeAsync("aria-disabled", "false");
        Assert.Single(service.Actions);
    }

    [Fact]
    public async Task A_problem_is_told_in_its_words_until_it_is_dismissed()
    {
        await using var session = await Session.StartAsync(chromium);
        session.Service.Answer = (
            503,
            FakeService.Problem("vendor-unavailable", "The vendor is unavailable", "It answered 503.", 503)
        );

        await session.Button("Refresh acronis/default").ClickAsync();

        var notice = session.Page.Locator(".notice.bad");
        await Expect(notice).ToContainTextAsync("acronis/default: The vendor is unavailable");
        await Expect(notice).ToContainTextAsync("It answered 503.");
        await Expect(notice).ToContainTextAsync("urn:backupfunctions:problem:vendor-unavailable");
        await session.Button("Dismiss").ClickAsync();
        await Expect(notice).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Enrolment_asks_for_the_code_and_sends_it_in_the_body()
    {
        await using var session = await Session.StartAsync(chromium);

        await session.Button("Enrol… veeam/berlin").ClickAsync();
        await Expect(session.Dialog.GetByRole(AriaRole.Heading)).ToHaveTextAsync("Enrol veeam/berlin");
        await Expect(session.Page.Locator("#enrol-code")).ToBeFocusedAsync();
        await session.Page.Keyboard.TypeAsync("123 456");
        await session.Page.Keyboard.PressAsync("Enter");

        await Expect(session.Page.Locator(".notice.good")).ToContainTextAsync("veeam/berlin is enrolled");
        await Expect(session.Dialog).ToHaveCountAsync(0);
        var (_, path, _, type, body) = Assert.Single(session.Service.Actions);
        Assert.Equal(("/api/Enroll/veeam/berlin", "application/json", """{"code":"123456"}"""), (path, type, body));
        await Expect(session.Page.Locator("#enrol-code")).ToHaveValueAsync("");
    }

    [Fact]
    public async Task A_wrong_code_is_told_in_the_dialog_which_stays_for_another_try()
    {
        await using var session = await Session.StartAsync(chromium);
        session.Service.Answer = (
            424,
            FakeService.Problem(
                "credentials-refused",
                "The vendor refused the credentials",
                "The one-time code is wrong.",
                424
            )
        );
        await session.Button("Enrol… veeam/berlin").ClickAsync();

        await session.Page.Keyboard.TypeAsync("000000");
        await session.Page.Keyboard.PressAsync("Enter");

        await Expect(session.Dialog.GetByRole(AriaRole.Alert))
            .ToHaveTextAsync("The vendor refused the credentials. The one-time code is wrong. (credentials-refused)");
        await Expect(session.Page.Locator("#enrol-code")).ToBeFocusedAsync();
        await Expect(session.Page.Locator("#enrol-code")).ToHaveAttributeAsync("aria-invalid", "true");
        await session.Page.Keyboard.PressAsync("Escape");
        await Expect(session.Dialog).ToHaveCountAsync(0);
        await Expect(session.Button("Enrol… veeam/berlin")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Only_what_can_be_enrolled_offers_it()
    {
        await using var session = await Session.StartAsync(chromium);

        await session.OpenAsync(Healthy);
        await session.OpenAsync(Berlin);

        await Expect(session.Page.Locator("#details-acronis-default [data-part=enrol]")).ToBeHiddenAsync();
        await Expect(session.Page.Locator("#details-veeam-berlin [data-part=enrol]")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Signing_out_is_confirmed_with_its_consequences_and_cancel_does_nothing()
    {
        await using var session = await Session.StartAsync(chromium);
        await session.OpenAsync(Healthy);

        await session.Button("Sign out…").ClickAsync();

        await Expect(session.Dialog.GetByRole(AriaRole.Heading)).ToHaveTextAsync("Sign out acronis/default?");
        await Expect(session.Dialog).ToContainTextAsync("every caller of acronis/default gets 424 signed-out");
        await Expect(session.Dialog.Locator("[data-part=cancel]")).ToBeFocusedAsync();
        await session.Page.Keyboard.PressAsync("Enter");
        await Expect(session.Dialog).ToHaveCountAsync(0);
        await Expect(session.Button("Sign out…")).ToBeFocusedAsync();
        Assert.Empty(session.Service.Actions);
    }

    [Fact]
    public async Task Signing_out_tells_what_the_vendor_did()
    {
        await using var session = await Session.StartAsync(chromium);
        session.Service.Answer = (
            200,
            new
            {
                vendor = "acronis",
                connection = "default",
                state = "signed-out",
                ended_at_vendor = false,
                detail = "The vendor has no way to end a session.",
            }
        );
        await session.OpenAsync(Healthy);
        await session.Button("Sign out…").ClickAsync();

        await session.Dialog.Locator("[data-part=submit]").ClickAsync();

        await Expect(session.Page.Locator(".notice.good")).ToContainTextAsync("acronis/default is signed out");
        await Expect(session.Page.Locator(".notice.good"))
            .ToContainTextAsync("The vendor has no way to end a session.");
        Assert.Equal("/api/Revoke/acronis/default", Assert.Single(session.Service.Actions).Path);
    }

    [Fact]
    public async Task A_result_that_comes_after_its_dialog_was_closed_is_told_all_the_same()
    {
        var service = new FakeService
        {
            Hold = new(),
            Answer = (503, FakeService.Problem("vendor-unavailable", "The vendor is unavailable", "Later.", 503)),
        };
        await using var session = await Session.StartAsync(chromium, service);
        await session.Button("Enrol… veeam/berlin").ClickAsync();
        await session.Page.Keyboard.TypeAsync("123456");
        await session.Page.Keyboard.PressAsync("Enter");
        await Expect(session.Dialog).ToHaveAttributeAsync("data-busy", "");

        await session.Page.Keyboard.PressAsync("Escape");
        service.Hold.SetResult();

        await Expect(session.Page.Locator(".notice.bad")).ToContainTextAsync("veeam/berlin: The vendor is unavailable");
    }

    [Fact]
    public async Task Where_the_key_of_the_status_does_not_open_an_action_another_is_asked_for_and_kept_for_it()
    {
        var service = new FakeService { StatusKey = "status", ActionKey = "refresh" };
        await using var session = await Session.StartAsync(chromium, service);
        await session.Page.Locator("#key").FillAsync("status");
        await session.Page.Keyboard.PressAsync("Enter");
        await session.Button("Refresh acronis/default").ClickAsync();
        await Expect(session.Dialog)
            .ToContainTextAsync(
                "each function has its own keys. Enter a key of the function RefreshNow, or a host key"
            );

        await session.Page.Locator("#other-key-input").FillAsync("refresh");
        await session.Page.Keyboard.PressAsync("Enter");
        await Expect(session.Page.Locator(".notice.good")).ToHaveCountAsync(1);
        await session.Button("Refresh backupnet/default").ClickAsync();
        await Expect(session.Page.Locator(".notice.good")).ToHaveCountAsync(2);

        Assert.Equal(["status", "refresh", "refresh"], service.Actions.Select(action => action.Key));
        Assert.All(service.Requests.Skip(1).Where(request => request.Method == "GET"), request =>
            Assert.Equal("status", request.Key)
        );
    }

    [Fact]
    public async Task Where_the_service_does_not_know_the_caller_of_an_action_no_other_key_is_asked_for()
    {
        var service = new FakeService { StatusKey = "host", Answer = FakeService.Unauthenticated };
        await using var session = await Session.StartAsync(chromium, service);
        await session.Page.Locator("#key").FillAsync("host");
        await session.Page.Keyboard.PressAsync("Enter");

        await session.Button("Refresh acronis/default").ClickAsync();

        await Expect(session.Page.Locator(".notice.bad"))
            .ToContainTextAsync("acronis/default: Authentication required");
        await Expect(session.Page.Locator(".notice.bad"))
            .ToContainTextAsync("urn:backupfunctions:problem:unauthenticated");
        await Expect(session.Dialog).ToHaveCountAsync(0);
        Assert.Single(service.Actions);
    }

    [Fact]
    public async Task Who_has_no_other_key_is_told_that_nothing_was_done()
    {
        var service = new FakeService { StatusKey = "status", ActionKey = "revoke" };
        await using var session = await Session.StartAsync(chromium, service);
        await session.Page.Locator("#key").FillAsync("status");
        await session.Page.Keyboard.PressAsync("Enter");
        await session.Button("Refresh acronis/default").ClickAsync();
        await Expect(session.Dialog).ToHaveCountAsync(1);

        await session.Page.Keyboard.PressAsync("Escape");

        await Expect(session.Page.Locator(".notice.bad")).ToContainTextAsync("Nothing was done");
        await Expect(session.Page.Locator(".notice.bad")).ToContainTextAsync("The key does not work for this function");
    }
}
