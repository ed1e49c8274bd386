using System.Text.Json;
using System.Text.Json.Nodes;
using Azure;
using Azure.Identity;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Core.Tests.SignIn;
using BackupFunctions.Emulators;
using BackupFunctions.KeyVault;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.KeyVault;

public sealed class VaultCallTests
{
    private readonly EmulatedVault _vault = new(new TestTime());

    public static TheoryData<Exception, bool> Exceptions =>
        new()
        {
            { new RequestFailedException(500, "Failed."), true },
            { new AuthenticationFailedException("Refused."), true },
            { new OperationCanceledException(), true },
            { new IOException("Closed."), true },
            { new HttpRequestException("Closed."), true },
            { OwnArgumentException(), false },
            { new InvalidOperationException("OUR-OWN-BUG"), false },
            { new FormatException("OUR-OWN-BUG"), false },
            { new KeyNotFoundException("OUR-OWN-BUG"), false },
            { new JsonException("OUR-OWN-BUG"), false },
            { new AggregateException(OwnArgumentException()), false },
        };

    [Theory]
    [MemberData(nameof(Exceptions), DisableDiscoveryEnumeration = true)]
    public void Only_what_the_vault_its_transport_and_the_sign_in_throw_is_a_vault_error(
        Exception exception,
        bool isVaultError
    ) => Assert.Equal(isVaultError, VaultErrors.IsVaultError(exception));

    [Fact]
    public async Task A_reply_that_the_sdk_cannot_parse_is_a_typed_failure_with_the_exception_inside()
    {
        var thrown = await Assert.ThrowsAsync<TokenException>(() => RunAsync(new JsonException("Not JSON.")));

        Assert.Equal(FailureKind.VaultUnavailable, thrown.Failure.Kind);
        Assert.IsType<JsonException>(thrown.InnerException);
    }

    [Fact]
    public async Task Retries_that_all_failed_are_the_last_failure()
    {
        var denied = new RequestFailedException(403, "Denied.");

        var failure = await Bench.FailureAsync(() =>
            RunAsync(new AggregateException(new RequestFailedException(503, "Busy."), denied))
        );

        Assert.Equal((FailureKind.VaultAccessDenied, 403), (failure.Kind, failure.HttpStatus));
    }

    [Theory]
    [InlineData(
        401,
        null,
        "AKV10032: Invalid issuer. Expected one of https://sts.windows.net/a/, found https://sts.windows.net/b/.",
        "answered 401 (AKV10032): it belongs to another Entra ID tenant than this host's identity.",
        "AZURE_TENANT_ID"
    )]
    [InlineData(
        401,
        null,
        "[BearerReadAccessTokenFailed] Error validating token: AKV10032: Invalid issuer.",
        "(AKV10032): it belongs to another Entra ID tenant",
        "AZURE_TENANT_ID"
    )]
    [InlineData(
        401,
        null,
        "AKV10022: Invalid audience.",
        "answered 401 (AKV10022): it does not accept this host's identity.",
        "AZURE_CLIENT_ID"
    )]
    [InlineData(401, null, "No code.", "answered 401: it does not accept this host's identity.", "AZURE_CLIENT_ID")]
    [InlineData(403, "ForbiddenByFirewall", "Any.", "answered 403: its firewall does not let", "firewall")]
    [InlineData(403, "ForbiddenByConnection", "Any.", "answered 403: its firewall does not let", "private endpoint")]
    [InlineData(403, "ForbiddenByRbac", "Any.", "answered 403.", "Key Vault Secrets Officer")]
    public async Task A_denial_says_what_is_denied_and_what_helps(
        int status,
        string? code,
        string message,
        string problem,
        string remedy
    )
    {
        var error = new JsonObject { ["code"] = "Any", ["message"] = message };
        if (code is not null)
            error["innererror"] = new JsonObject { ["code"] = code };
        var body = new JsonObject { ["error"] = error }.ToJsonString();
        _vault.Faults.Add(Endpoints.Get, Fault.Status(status, body, "application/json"));
        var client = _vault.Client();

        var failure = await Bench.FailureAsync(() =>
            VaultCall.RunAsync(client, () => client.GetSecretAsync("any"), isExpected: null, CancellationToken.None)
        );

        Assert.Equal((FailureKind.VaultAccessDenied, status), (failure.Kind, failure.HttpStatus));
        Assert.Contains(problem, failure.Problem, StringComparison.Ordinal);
        Assert.Contains(remedy, failure.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("sts.windows.net", failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_no_sdk_throws_passes_through()
    {
        await Assert.ThrowsAsync<NotSupportedException>(() => RunAsync(new NotSupportedException()));
        await Assert.ThrowsAsync<AggregateException>(() =>
            RunAsync(new AggregateException(new RequestFailedException(503, "Busy."), new NotSupportedException()))
        );
    }

    private static Exception OwnArgumentException() =>
        Record.Exception(() => _ = Enum.Parse<DayOfWeek>("OUR-OWN-BUG"))!;

    private Task<bool> RunAsync(Exception exception) =>
        VaultCall.RunAsync(
            _vault.Client(),
            () => Task.FromException<bool>(exception),
            isExpected: null,
            TestContext.Current.CancellationToken
        );
}
