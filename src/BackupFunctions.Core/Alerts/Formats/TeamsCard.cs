using System.Text.Json.Nodes;

namespace BackupFunctions.Alerts.Formats;

/// <summary>
/// A message with one Adaptive Card, as the workflow <i>When a Teams webhook request is received</i> takes it. The card
/// uses nothing later than version 1.4. Sentences stand in text runs, which know no Markdown; text blocks and facts do,
/// and have only words of this app and names.
/// </summary>
internal static class TeamsCard
{
    /// <summary>Teams refuses messages above 28 KB.</summary>
    private const int LongestText = 4000;

    /// <summary>Makes the body of the post.</summary>
    public static JsonObject Of(AlertMessage message) =>
        new()
        {
            ["type"] = "message",
            ["attachments"] = new JsonArray(
                new JsonObject
                {
                    ["contentType"] = "application/vnd.microsoft.card.adaptive",
                    ["contentUrl"] = null,
                    ["content"] = CardOf(message),
                }
            ),
        };

    private static JsonObject CardOf(AlertMessage message)
    {
        var text = Plain(message.Text);
        var card = new JsonObject
        {
            ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json",
            ["type"] = "AdaptiveCard",
            ["version"] = "1.4",
            ["msteams"] = new JsonObject { ["width"] = "Full" },
            ["fallbackText"] = text,
            ["body"] = new JsonArray(
                new JsonObject
                {
                    ["type"] = "TextBlock",
                    ["text"] = message.Title,
                    ["size"] = "Large",
                    ["weight"] = "Bolder",
                    ["color"] = ColorOf(message.Event),
                    ["wrap"] = true,
                },
                new JsonObject
                {
                    ["type"] = "RichTextBlock",
                    ["inlines"] = new JsonArray(new JsonObject { ["type"] = "TextRun", ["text"] = text }),
                },
                new JsonObject
                {
                    ["type"] = "FactSet",
                    ["facts"] = new JsonArray(Fact("Since", message.Since), Fact("Incident", message.Incident)),
                }
            ),
        };
        if (message.StatusPage is { } page)
        {
            card["actions"] = new JsonArray(
                new JsonObject
                {
                    ["type"] = "Action.OpenUrl",
                    ["title"] = "Open the status page",
                    ["url"] = page,
                }
            );
        }

        return card;
    }

    private static JsonObject Fact(string title, string value) => new() { ["title"] = title, ["value"] = value };

    private static string ColorOf(string of) =>
        of switch
        {
            AlertMessage.Well => "Good",
            AlertMessage.Test => "Accent",
            _ => "Attention",
        };

    /// <summary>Cards replace <c>{{DATE(…)}}</c> and <c>{{TIME(…)}}</c> in any text.</summary>
    private static string Plain(string text)
    {
        var plain = text.Replace("{{", "{ {", StringComparison.Ordinal);
        return plain.Length <= LongestText ? plain : $"{plain[..LongestText]}…";
    }
}
