using System.Security.Cryptography;
using System.Text;

namespace BackupFunctions.Web;

/// <summary>
/// The status page as one document, so that its styles and scripts are always of the same version. It contains no data.
/// </summary>
internal sealed class StatusPageDocument
{
    private const string Folder = "BackupFunctions.StatusPage.";

    private StatusPageDocument(string html, string contentSecurityPolicy)
    {
        Html = Encoding.UTF8.GetBytes(html);
        ContentSecurityPolicy = contentSecurityPolicy;
    }

    /// <summary>The parts in order: later styles override earlier ones, and <c>main.js</c> starts the page.</summary>
    public static IReadOnlyList<string> Parts { get; } =
    [
        "page.html",
        "dialogs.html",
        "templates.html",
        "colours.css",
        "layout.css",
        "table.css",
        "past.css",
        "dialogs.css",
        "words.js",
        "elements.js",
        "keys.js",
        "service.js",
        "facts.js",
        "past.js",
        "view.js",
        "lifeline.js",
        "strip.js",
        "groups.js",
        "details.js",
        "row.js",
        "table.js",
        "tools.js",
        "summary.js",
        "notices.js",
        "dialogs.js",
        "actions.js",
        "updates.js",
        "entrance.js",
        "main.js",
    ];

    /// <summary>The document, built once.</summary>
    public static StatusPageDocument Instance { get; } = Make();

    /// <summary>UTF-8.</summary>
    public ReadOnlyMemory<byte> Html { get; }

    /// <summary>
    /// Content Security Policy Level 3: only this style and this script (by hash), calls to this origin only, and no
    /// text that becomes markup (Trusted Types without a policy). The browser tab's icon is a <c>data:</c> image.
    /// </summary>
    public string ContentSecurityPolicy { get; }

    private static StatusPageDocument Make()
    {
        var (styles, scripts) = (Joined(".css"), Joined(".js"));
        var html = Read("page.html")
            .Replace("{dialogs}", Read("dialogs.html"), StringComparison.Ordinal)
            .Replace("{templates}", Read("templates.html"), StringComparison.Ordinal)
            .Replace("{styles}", styles, StringComparison.Ordinal)
            .Replace("{scripts}", scripts, StringComparison.Ordinal);
        return new StatusPageDocument(
            html,
            string.Join(
                "; ",
                "default-src 'none'",
                $"script-src {Source(scripts)}",
                $"style-src {Source(styles)}",
                "img-src data:",
                "connect-src 'self'",
                "base-uri 'none'",
                "form-action 'none'",
                "frame-ancestors 'none'",
                "require-trusted-types-for 'script'",
                "trusted-types 'none'"
            )
        );
    }

    private static string Joined(string extension) =>
        string.Concat(
            Parts.Where(part => part.EndsWith(extension, StringComparison.Ordinal)).Select(part => Read(part) + "\n")
        );

    private static string Source(string text) =>
        $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";

    private static string Read(string part)
    {
        using var resource = typeof(StatusPageDocument).Assembly.GetManifestResourceStream(Folder + part)
            ?? throw new InvalidOperationException($"{part} is not embedded.");
        using var reader = new StreamReader(resource, Encoding.UTF8);
        // Browsers hash the text after turning every line end into LF (HTML standard, "Preprocessing the input
        // stream").
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
