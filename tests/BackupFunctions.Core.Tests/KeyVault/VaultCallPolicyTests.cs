using System.Diagnostics;
using Azure;
using Azure.Security.KeyVault.Secrets;
using BackupFunctions.Core.Tests.Diagnostics;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Diagnostics;
using BackupFunctions.Emulators;
using BackupFunctions.KeyVault;
using BackupFunctions.Testing;

namespace BackupFunctions.Core.Tests.KeyVault;

public sealed class VaultCallPolicyTests : IDisposable
{
    private readonly Listening _listening = new();
    private readonly TestTime _time = new() { TimersFireAtOnce = true };
    private readonly EmulatedVault _vault;
    private readonly SecretClient _client;

    public VaultCallPolicyTests()
    {
        _vault = new EmulatedVault(_time);
        _vault.Add("there", "a-value");
        _client = _vault.Client(new VaultCallPolicy(_time));
    }

    public void Dispose() => _listening.Dispose();

    [Fact]
    public async Task A_call_is_measured_by_its_kind_and_outcome()
    {
        await _client.GetSecretAsync("there");
        await _client.SetSecretAsync("there", "another-value");
        await Assert.ThrowsAsync<RequestFailedException>(async () => await _client.GetSecretAsync("absent"));
        await foreach (var _ in _client.GetPropertiesOfSecretVersionsAsync("there"))
        {
            // Only the call counts.
        }

        Assert.Equal(
            ["kind=read outcome=ok", "kind=write outcome=ok", "kind=read outcome=not-found", "kind=list outcome=ok"],
            _listening.Of(Instruments.VaultCallDuration).Select(one => one.Tags)
        );
    }

    [Theory]
    [InlineData(403, "denied")]
    [InlineData(429, "throttled")]
    [InlineData(500, "failed")]
    public async Task A_call_that_fails_says_how_and_its_span_too(int status, string outcome)
    {
        _vault.Refuse(Endpoints.Get, status);

        await Assert.ThrowsAsync<RequestFailedException>(async () => await _client.GetSecretAsync("there"));

        Assert.Equal($"kind=read outcome={outcome}", Assert.Single(_listening.Of(Instruments.VaultCallDuration)).Tags);
        var span = _listening.Span(Spans.VaultCall);
        Assert.Equal(
            (ActivityStatusCode.Error, outcome, status),
            (span.Status, span.GetTagItem("error.type"), span.GetTagItem("http.response.status_code"))
        );
    }

    [Fact]
    public async Task A_vault_that_does_not_answer_is_unreachable()
    {
        _vault.Faults.Add(Endpoints.Get, Fault.Reset());

        await Assert.ThrowsAsync<RequestFailedException>(async () => await _client.GetSecretAsync("there"));

        Assert.Equal("kind=read outcome=unreachable", Assert.Single(_listening.Of(Instruments.VaultCallDuration)).Tags);
    }

    [Fact]
    public async Task The_span_names_the_vault_and_no_secret_and_an_absent_secret_is_no_error()
    {
        await Assert.ThrowsAsync<RequestFailedException>(async () => await _client.GetSecretAsync("absent"));

        var span = _listening.Span(Spans.VaultCall);
        Assert.Equal((ActivityKind.Client, ActivityStatusCode.Unset), (span.Kind, span.Status));
        Assert.Equal(_vault.Uri.Host, span.GetTagItem("server.address"));
        Assert.DoesNotContain(span.TagObjects, tag => $"{tag.Value}".Contains("absent", StringComparison.Ordinal));
    }
}
