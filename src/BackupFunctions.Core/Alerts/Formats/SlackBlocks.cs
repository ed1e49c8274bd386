using System.Text;
using System.Text.Json.Nodes;

namespace BackupFunctions.Alerts.Formats;

/// <summary>
/// Blocks for Slack, and the text that notifications show. <c>&amp;</c>, <c>&lt;</c> and <c>&gt;</c> are the
/// characters by which Slack knows mentions and links: escaped, a text mentions nobody.
/// </summary>
internal static class SlackBlocks
{
    /// <summary>A text of a section has 3000 characters at most, a header 150.</summary>
    private const int LongestText = 2900;

    private const int LongestTitle = 150;

    /// <summary>Breaks a formatting character off the word that it would format.</summary>
    private const char Break = '\u200B';

    /// <summary>Makes the body of the post.</summary>
    public static JsonObject Of(AlertMessage message)
    {
        var text = Escape(message.Text);
        var footer = $"Incident {Escape(message.Incident)}";
        if (message.StatusPage is { } page)
        {
            footer += $" · <{page.Replace("&", "&amp;", StringComparison.Ordinal)}|Open the status page>";
        }

        return new JsonObject
        {
            ["text"] = text,
            ["blocks"] = new JsonArray(
                new JsonObject
                {
                    ["type"] = "header",
                    ["text"] = new JsonObject
                    {
                        ["type"] = "plain_text",
                        ["text"] = message.Title.Length <= LongestTitle ? message.Title : message.Title[..LongestTitle],
                        ["emoji"] = false,
                    },
                },
                new JsonObject { ["type"] = "section", ["text"] = Markup(text) },
                new JsonObject { ["type"] = "context", ["elements"] = new JsonArray(Markup(footer)) }
            ),
        };
    }

    private static JsonObject Markup(string text) =>
        new()
        {
            ["type"] = "mrkdwn",
            ["text"] = text,

            // Names of channels, mentions and addresses in the text stay text.
            ["verbatim"] = true,
        };

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (escaped.Length > LongestText)
            {
                return escaped.Append('…').ToString();
            }

            _ = text[at] switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '*' or '_' or '~' or '`' when !IsInWord(text, at) => escaped.Append(Break).Append(text[at]),
                var one => escaped.Append(one),
            };
        }

        return escaped.ToString();
    }

    /// <summary>Inside a word, as in <c>invalid_client</c>, a character formats nothing.</summary>
    private static bool IsInWord(string text, int at) =>
        at > 0 && at + 1 < text.Length && char.IsLetterOrDigit(text[at - 1]) && char.IsLetterOrDigit(text[at + 1]);
}
