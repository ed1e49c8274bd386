using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using BackupFunctions.Testing;
using BackupFunctions.Web;
using Microsoft.AspNetCore.Http;

namespace BackupFunctions.Core.Tests.Web;

public sealed partial class StatusPageTests
{
    [Fact]
    public async Task The_page_is_never_cached_framed_or_sent_as_a_referrer()
    {
        var (response, _) = await AskAsync();

        Assert.Equal((200, "text/html; charset=utf-8"), (response.StatusCode, response.ContentType));
        Assert.Equal("no-store", response.Headers.CacheControl);
        Assert.Equal("nosniff", response.Headers.XContentTypeOptions);
        Assert.Equal("no-referrer", response.Headers["Referrer-Policy"]);
        Assert.Equal("same-origin", response.Headers["Cross-Origin-Opener-Policy"]);
        Assert.Equal("same-origin", response.Headers["Cross-Origin-Resource-Policy"]);
    }

    [Fact]
    public async Task The_policy_allows_only_this_style_this_script_and_calls_to_this_origin()
    {
        var (response, html) = await AskAsync();

        var (style, script) = (
            Hash(Style().Match(html).Groups["text"].Value),
            Hash(Script().Match(html).Groups["text"].Value)
        );
        Assert.Equal(
            $"default-src 'none'; script-src '{script}'; style-src '{style}'; img-src data:; connect-src 'self'; "
                + "base-uri 'none'; form-action 'none'; "
                + "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
            response.Headers.ContentSecurityPolicy
        );
    }

    [Fact]
    public async Task The_page_loads_nothing_from_another_origin()
    {
        var (_, html) = await AskAsync();

        // The namespace of SVG is a name, not an address.
        var addresses = Address()
            .Matches(html)
            .Select(match => match.Value)
            .Where(address => address != "http://www.w3.org/2000/svg");
        Assert.Empty(addresses);
        Assert.Single(Script().Matches(html));
        Assert.Single(Style().Matches(html));
        Assert.DoesNotContain("style=", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_script_cannot_turn_text_into_markup()
    {
        var (_, html) = await AskAsync();

        Assert.All(
            [
                "innerHTML",
                "outerHTML",
                "insertAdjacentHTML",
                "document.write",
                "DOMParser",
                "eval(",
                "Function(",
                "localStorage",
                "document.cookie",
            ],
            danger => Assert.DoesNotContain(danger, html, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Every_file_of_the_folder_is_in_the_page()
    {
        var files = Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "src", "BackupFunctions.Core", "StatusPage"))
            .Select(file => Path.GetFileName(file));

        Assert.Equal(files.Order(StringComparer.Ordinal), StatusPageDocument.Parts.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_placeholder_is_filled()
    {
        var (_, html) = await AskAsync();

        Assert.All(["{styles}", "{scripts}", "{dialogs}", "{templates}", "\r"], place =>
            Assert.DoesNotContain(place, html, StringComparison.Ordinal)
        );
    }

    private static async Task<(HttpResponse Response, string Html)> AskAsync()
    {
        var body = new MemoryStream();
        var context = new DefaultHttpContext { Response = { Body = body } };
        await StatusPageReply.Instance.ExecuteAsync(context);
        Assert.Equal(body.Length, context.Response.ContentLength);
        return (context.Response, Encoding.UTF8.GetString(body.ToArray()));
    }

    private static string Hash(string text) =>
        $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    [GeneratedRegex("<style>(?<text>.*?)</style>", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Style();

    [GeneratedRegex(
        """<script type="module">(?<text>.*?)</script>""",
        RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Script();

    [GeneratedRegex("""(https?:)?//[a-z][^\s"'<]*""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Address();
}
