using System.Text.Json;
using Azure;
using Azure.Identity;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Core.Tests.SignIn;
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
