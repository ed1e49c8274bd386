using System.Text.Json.Nodes;
using BackupFunctions.Testing;
using BackupFunctions.Web.Audit;

namespace BackupFunctions.LocalHost.Tests;

/// <summary>An operator tries the alert webhook.</summary>
public sealed class TestAlertTests
{
    private const string Key = "key-of-the-alert-receiver-1";

    [Fact]
    public async Task The_receiver_gets_a_message_and_the_operator_its_answer()
    {
        await using var receiver = await PostReceiver.StartAsync();
        var log = new LogRecorder();
        await using var host = await RunningHost.StartAsync(
            new Dictionary<string, string>
            {
                ["Alerts:WebhookUrl"] = receiver.Address,
                ["Alerts:Format"] = "slack",
                ["Alerts:HeaderName"] = "X-Api-Key",
                ["Alerts:HeaderSecretName"] = "alert-key",
                ["Alerts:AppUrl"] = "https://backup.contoso.com",
                ["EmbeddedVault:Secrets:alert_key"] = SuiteLog.Guard(Key),
            },
            log: log
        );

        var (status, reply) = await TryAsync(host);

        Assert.Equal((200, 202, "slack"), (status, (int?)reply["receiver_status"], (string?)reply["format"]));
        var body = JsonNode.Parse(Assert.Single(receiver.Bodies))!;
        Assert.StartsWith("This is a test", (string?)body["text"], StringComparison.Ordinal);
        Assert.EndsWith(
            "<https://backup.contoso.com/api/status/page|Open the status page>",
            (string?)body["blocks"]![2]!["elements"]![0]!["text"],
            StringComparison.Ordinal
        );
        Assert.Equal([Key], receiver.Keys);
        Assert.Equal(
            (1308, "Test of the alert webhook by a local caller: ok."),
            log.Events.Where(one => one.Category == AuditTrail.Category)
                .Select(one => (one.EventId.Id, one.Message))
                .Single()
        );
    }

    [Fact]
    public async Task Without_a_webhook_the_problem_says_what_to_set()
    {
        await using var host = await RunningHost.StartAsync();

        await AssertProblemAsync(host, "alerts-not-configured", "No webhook is set. Set Alerts__WebhookUrl, or ");
    }

    [Theory]
    [InlineData(400, "The webhook answered 400.")]
    [InlineData(302, "The webhook answered 302.")]
    [InlineData(503, "The webhook answered 503.")]
    public async Task What_the_receiver_answers_is_in_the_problem(int answer, string detail)
    {
        await using var receiver = await PostReceiver.StartAsync(answer);
        await using var host = await RunningHost.StartAsync(
            new Dictionary<string, string> { ["Alerts:WebhookUrl"] = receiver.Address }
        );

        await AssertProblemAsync(host, "alert-not-delivered", detail);
        Assert.Single(receiver.Bodies);
    }

    [Fact]
    public async Task A_receiver_that_is_not_there_is_a_problem_without_its_address()
    {
        var receiver = await PostReceiver.StartAsync();
        var address = receiver.Address;
        await receiver.DisposeAsync();
        await using var host = await RunningHost.StartAsync(
            new Dictionary<string, string> { ["Alerts:WebhookUrl"] = address }
        );

        await AssertProblemAsync(host, "alert-not-delivered", "The webhook could not be reached (ConnectionError).");
    }

    [Theory]
    [InlineData(null, "credential-missing", "alert-url")]
    [InlineData("http://hooks.example/x", "alert-not-delivered", "The webhook has no URL: the secret alert-url must")]
    public async Task A_secret_that_is_missing_or_wrong_is_named(string? secret, string problem, string detail)
    {
        var settings = new Dictionary<string, string> { ["Alerts:WebhookUrlSecretName"] = "alert-url" };
        if (secret is not null)
        {
            settings["EmbeddedVault:Secrets:alert_url"] = secret;
        }

        await using var host = await RunningHost.StartAsync(settings);

        await AssertProblemAsync(host, problem, detail);
    }

    private static async Task AssertProblemAsync(RunningHost host, string problem, string detail)
    {
        var (status, reply) = await TryAsync(host);

        Assert.Equal((424, $"urn:backupfunctions:problem:{problem}"), (status, (string?)reply["type"]));
        Assert.Contains(detail, (string?)reply["detail"], StringComparison.Ordinal);
    }

    private static async Task<(int Status, JsonObject Reply)> TryAsync(RunningHost host)
    {
        using var response = await host.Client.PostAsync("/api/Alerts/Test", content: null);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject());
    }
}
