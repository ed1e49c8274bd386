using System.Text.Json.Nodes;

namespace BackupFunctions.Core.Tests.Alerts;

/// <summary>
/// The rules of the public schema of Adaptive Cards 1.5 for the elements that are used here: which members an element
/// must and may have, and which words they take. The schema allows no other members.
/// </summary>
internal static class CardSchema
{
    private static readonly Dictionary<string, (string[] Required, string[] Optional)> Elements = new(
        StringComparer.Ordinal
    )
    {
        ["AdaptiveCard"] = (
            ["type", "version"],
            ["$schema", "body", "actions", "fallbackText", "lang", "speak", "msteams"]
        ),
        ["TextBlock"] = (
            ["type", "text"],
            ["color", "size", "weight", "wrap", "style", "isSubtle", "maxLines", "spacing"]
        ),
        ["RichTextBlock"] = (["type", "inlines"], ["horizontalAlignment", "spacing"]),
        ["TextRun"] = (["type", "text"], ["color", "size", "weight", "isSubtle", "italic"]),
        ["FactSet"] = (["type", "facts"], ["spacing"]),
        ["Action.OpenUrl"] = (["type", "title", "url"], ["style", "tooltip"]),
    };

    private static readonly Dictionary<string, string[]> Words = new(StringComparer.Ordinal)
    {
        ["color"] = ["default", "dark", "light", "accent", "good", "warning", "attention"],
        ["size"] = ["default", "small", "medium", "large", "extraLarge"],
        ["weight"] = ["default", "lighter", "bolder"],
    };

    public static void Check(JsonObject card)
    {
        Assert.Equal("AdaptiveCard", (string?)card["type"]);
        Assert.Matches("^1\\.[0-5]$", (string?)card["version"]);
        CheckElement(card);
        Assert.NotEmpty(card["body"]!.AsArray());
    }

    private static void CheckElement(JsonObject element)
    {
        var type = (string)element["type"]!;
        Assert.True(Elements.TryGetValue(type, out var known), $"{type} is not in the schema.");
        var members = element.Select(member => member.Key).ToList();
        Assert.Empty(known.Required.Except(members));
        Assert.Empty(members.Except(known.Required).Except(known.Optional));
        foreach (var (name, value) in element)
        {
            if (Words.TryGetValue(name, out var words))
            {
                Assert.Contains((string)value!, words, StringComparer.OrdinalIgnoreCase);
            }
            else if (name is "body" or "actions" or "inlines")
            {
                // A run stands nowhere but in line, and nothing else does.
                Assert.All(value!.AsArray(), one =>
                    Assert.Equal(name == "inlines", (string?)one!["type"] == "TextRun")
                );
                Assert.All(value!.AsArray(), one => CheckElement(one!.AsObject()));
            }
            else if (name == "facts")
            {
                Assert.All(value!.AsArray(), fact =>
                    Assert.Equal(["title", "value"], fact!.AsObject().Select(member => member.Key))
                );
            }
            else if (name == "url")
            {
                Assert.True(Uri.TryCreate((string)value!, UriKind.Absolute, out _));
            }
        }
    }
}
