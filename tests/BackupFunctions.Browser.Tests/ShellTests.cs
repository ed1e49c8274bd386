using static Microsoft.Playwright.Assertions;

namespace BackupFunctions.Browser.Tests;

public sealed class ShellTests(Chromium chromium)
{
    [Fact]
    public async Task The_shell_is_for_anybody_and_holds_no_name_of_a_connection()
    {
        using var client = new HttpClient();

        using var response = await client.GetAsync(chromium.Page);

        var html = await response.Content.ReadAsStringAsync();
        Assert.Equal(200, (int)response.StatusCode);
        Assert.DoesNotContain(chromium.Host.Emulators!.Acronis.BaseAddress.Authority, html, StringComparison.Ordinal);
        Assert.DoesNotContain("<td role=\"cell\">", html, StringComparison.Ordinal);
        Assert.Contains(
            "default-src 'none'; script-src 'sha256-",
            response.Headers.GetValues("Content-Security-Policy").Single(),
            StringComparison.Ordinal
        );
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
    }

    [Fact]
    public async Task Nothing_but_the_page_and_the_api_is_asked_for()
    {
        await using var session = await Session.StartAsync(chromium);
        var others = new List<string>();
        session.Page.Request += (_, request) =>
        {
            if (
                !request.Url.StartsWith(chromium.Host.Urls[0] + "/api/status", StringComparison.Ordinal)
                && !request.Url.StartsWith("data:", StringComparison.Ordinal)
            )
                others.Add(request.Url);
        };

        await session.Page.ReloadAsync();

        await Expect(session.Rows).ToHaveCountAsync(7);
        Assert.Empty(others);
    }

    [Fact]
    public async Task The_policy_keeps_a_script_out_that_is_not_the_pages_own()
    {
        await using var session = await Session.StartAsync(chromium);
        await Expect(session.Rows).ToHaveCountAsync(7);

        // Trusted Types stop text from becoming markup; the assignment throws.
        var refusal = await session.Page.EvaluateAsync<string>(
            "() => { try { document.body.innerHTML = '<p>x</p>'; return ''; } catch (error) { return error.name; } }"
        );

        Assert.Equal("TypeError", refusal);
        session.Forgive("Violation: require-trusted-types-for", "This document requires");
    }
}
