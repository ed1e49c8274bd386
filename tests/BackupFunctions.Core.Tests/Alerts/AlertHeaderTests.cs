using BackupFunctions.Alerts;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Credentials;
using BackupFunctions.Settings;
using BackupFunctions.Settings.Alerting;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Alerts;

/// <summary>A receiver that authenticates gets its header, and nobody else sees the value.</summary>
public sealed class AlertHeaderTests
{
    private const string SecretName = "alert-key";

    [Theory]
    [InlineData("X-Api-Key", "key-of-the-receiver-4711")]
    [InlineData("Authorization", "Bearer key-of-the-receiver-4712")]
    [InlineData("X-Api-Key", "\uFEFFkey-of-the-receiver-4713\r\n")]
    public async Task The_header_has_the_value_from_the_vault(string name, string value)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var answer = await WebhookOf(receiver, name, new StubCredentials().With(SecretName, SuiteLog.Guard(value)))
            .SendOnceAsync(AlertMessage.OfTest(app: null, TestTime.Noon), CancellationToken.None);

        Assert.Equal(202, answer.Status);
        Assert.Equal(value.Trim('\uFEFF', '\r', '\n'), Assert.Single(receiver.Headers)[name]);
    }

    [Theory]
    [InlineData("line one\nline two", "has no header: the secret alert-key is empty, or contains a line break")]
    [InlineData("schlüssel-des-empfängers", "has no header: the secret alert-key is empty, or contains a line break")]
    [InlineData("", "has no header: the secret alert-key is empty, or contains a line break")]
    [InlineData(null, "has no URL or header: The vault has no secret named alert-key")]
    public async Task A_value_that_no_header_may_have_is_not_sent_and_not_shown(string? value, string problem)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var vault = value is null ? new StubCredentials() : new StubCredentials().With(SecretName, value);
        var answer = await WebhookOf(receiver, "X-Api-Key", vault)
            .SendOnceAsync(AlertMessage.OfTest(app: null, TestTime.Noon), CancellationToken.None);

        Assert.StartsWith(problem, answer.Problem, StringComparison.Ordinal);
        Assert.Empty(receiver.Received);
    }

    [Fact]
    public async Task After_a_refusal_the_newest_value_is_read()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var vault = new RecordingCredentials();
        var webhook = WebhookOf(receiver, "X-Api-Key", vault);
        receiver.Answers(401);
        for (var i = 0; i < 3; i++)
        {
            await webhook.SendOnceAsync(AlertMessage.OfTest(app: null, TestTime.Noon), CancellationToken.None);
        }

        Assert.Equal([false, true, false], vault.Newest);
    }

    [Theory]
    [InlineData("X-Api-Key", true)]
    [InlineData("Authorization", true)]
    [InlineData("Host", false)]
    [InlineData("content-type", false)]
    [InlineData("Content-Encoding", false)]
    [InlineData("Proxy-Authorization", false)]
    [InlineData("Transfer-Encoding", false)]
    [InlineData("X Api Key", false)]
    [InlineData("X-Api-Key:", false)]
    [InlineData("X-Api-Key\r\nHost", false)]
    public void Only_a_header_that_is_nobodys_else_may_be_set(string name, bool isAllowed)
    {
        var findings = new List<SettingFinding>();

        var header = AlertHeader.Read(name, SecretName, findings);

        Assert.Equal((isAllowed, isAllowed), (header is not null, findings.Count == 0));
    }

    private static AlertWebhook WebhookOf(WebhookReceiver receiver, string header, ICredentialSource vault) =>
        new(
            new AlertOptions(TimeSpan.Zero)
            {
                Url = new SecretText(receiver.Address.AbsoluteUri),
                Header = new AlertHeader(header, SecretName),
            },
            vault,
            new SeededRandom(1),
            new TestTime()
        );

    private sealed class RecordingCredentials : ICredentialSource
    {
        public List<bool> Newest { get; } = [];

        public ValueTask<Credential?> FindAsync(CredentialName name, bool newest, CancellationToken cancellationToken)
        {
            Newest.Add(newest);
            return ValueTask.FromResult<Credential?>(new("v1", new SecretText("the-key-4714"), null));
        }

        public ValueTask<Credential?> FindOlderCertificateAsync(
            CredentialName name,
            Credential refused,
            CancellationToken cancellationToken
        ) => ValueTask.FromResult<Credential?>(null);
    }
}
