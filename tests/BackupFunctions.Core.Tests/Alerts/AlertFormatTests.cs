using System.Text;
using System.Text.Json.Nodes;
using BackupFunctions.Alerts;
using BackupFunctions.Alerts.Formats;
using BackupFunctions.Settings.Alerting;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Alerts;

/// <summary>What the receivers take, and that no text in an alert does more than being read.</summary>
public sealed class AlertFormatTests
{
    private const string Hostile =
        "<!channel> <@U123> [x](https://evil.example) *bold* _it_ `code` {{DATE(2026-01-01T00:00:00Z)}} "
        + "& invalid_client";

    private static readonly Uri App = new("https://backup.contoso.com");

    [Fact]
    public void An_adaptive_card_follows_the_schema_and_the_envelope_of_Teams()
    {
        var body = Write(Message(members: 3), AlertFormat.AdaptiveCard);

        Assert.Equal("message", (string?)body["type"]);
        var attachment = Assert.Single(body["attachments"]!.AsArray())!.AsObject();
        Assert.Equal("application/vnd.microsoft.card.adaptive", (string?)attachment["contentType"]);
        var card = attachment["content"]!.AsObject();
        Assert.Equal("Full", (string?)card["msteams"]!["width"]);
        CardSchema.Check(card);
    }

    [Theory]
    [InlineData(nameof(AlertFormat.AdaptiveCard))]
    [InlineData(nameof(AlertFormat.Slack))]
    public void Every_format_has_the_title_the_text_and_the_link(string name)
    {
        var format = Enum.Parse<AlertFormat>(name);
        var body = Write(Message(members: 1, detail: "It was refused."), format);
        var texts = Strings(body).ToList();

        Assert.Contains(texts, text => text == "acronis/c0 failed");
        Assert.Contains(texts, text => text.EndsWith("It was refused.", StringComparison.Ordinal));
        Assert.Contains(texts, text =>
            text.Contains("https://backup.contoso.com/api/status/page#q=c0&", StringComparison.Ordinal)
            || text.Contains("https://backup.contoso.com/api/status/page#q=c0&amp;", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_text_is_no_Markdown_and_no_function_in_a_card()
    {
        var card = Write(Message(members: 1, Hostile), AlertFormat.AdaptiveCard)["attachments"]![0]!["content"]!;

        // Only text runs know no Markdown (schema: "TextRun … does not support markdown").
        var markdown = card["body"]!
            .AsArray()
            .Where(element => (string?)element!["type"] != "RichTextBlock")
            .SelectMany(element => Strings(element!));
        Assert.DoesNotContain(markdown, text => text.Contains("evil", StringComparison.Ordinal));
        Assert.DoesNotContain(Strings(card), text => text.Contains("{{", StringComparison.Ordinal));
        var run = (string?)card["body"]![1]!["inlines"]![0]!["text"];
        Assert.Contains("[x](https://evil.example) *bold*", run, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_mentions_nobody_and_formats_nothing_in_Slack()
    {
        var body = Write(Message(members: 1, Hostile), AlertFormat.Slack);
        var link = "<https://backup.contoso.com/api/status/page#q=c0&amp;vendor=acronis|Open the status page>";
        var texts = Strings(body).Select(text => text.Replace(link, "", StringComparison.Ordinal)).ToList();

        Assert.DoesNotContain(texts, text => text.AsSpan().ContainsAny('<', '>'));
        Assert.Contains("&lt;!channel&gt; &lt;@U123&gt;", (string?)body["text"], StringComparison.Ordinal);
        Assert.Contains(" \u200B*bold\u200B* \u200B_it\u200B_ ", (string?)body["text"], StringComparison.Ordinal);
        Assert.EndsWith("&amp; invalid_client", (string?)body["text"], StringComparison.Ordinal);
        Assert.Equal(
            ["header", "section", "context"],
            body["blocks"]!.AsArray().Select(block => (string?)block!["type"])
        );
        Assert.True((bool)body["blocks"]![1]!["text"]!["verbatim"]!);
    }

    [Theory]
    [InlineData(nameof(AlertFormat.AdaptiveCard), 28_000)]
    [InlineData(nameof(AlertFormat.Slack), 12_000)]
    public void No_text_makes_a_message_longer_than_its_receiver_takes(string name, int most)
    {
        var format = Enum.Parse<AlertFormat>(name);
        var message = Message(members: 1, string.Concat(Enumerable.Repeat(Hostile, 200)));

        Assert.InRange(AlertBody.Write(message, format).Length, 1, most);
        if (format == AlertFormat.Slack)
        {
            Assert.All(Strings(Write(message, format)), text => Assert.InRange(text.Length, 1, 3000));
        }
    }

    [Theory]
    [InlineData(1, "https://backup.contoso.com/api/status/page#q=c0&vendor=acronis")]
    [InlineData(2, "https://backup.contoso.com/api/status/page#vendor=acronis")]
    public void The_link_leads_to_the_connection_or_to_the_vendor(int members, string link) =>
        Assert.Equal(link, (string?)Write(Message(members), AlertFormat.Json)["status_page"]);

    private static AlertMessage Message(int members, string detail = "Why.")
    {
        var at = TestTime.Noon;
        var group = GroupRules.Joined(
            group: null,
            [.. Enumerable.Range(0, members).Select(index => new GroupMember($"c{index}", $"acronis-c{index}-1", at))],
            detail,
            at
        );
        return AlertMessage.Of(new AlertCause("acronis", FailureKind.CredentialsRefused), group, App, at);
    }

    private static JsonObject Write(AlertMessage message, AlertFormat format) =>
        JsonNode.Parse(Encoding.UTF8.GetString(AlertBody.Write(message, format)))!.AsObject();

    private static IEnumerable<string> Strings(JsonNode? node) =>
        node switch
        {
            JsonObject found => found.SelectMany(member => Strings(member.Value)),
            JsonArray found => found.SelectMany(Strings),
            JsonValue value when value.TryGetValue(out string? text) => [text],
            _ => [],
        };
}
