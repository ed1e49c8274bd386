using Azure;
using Azure.Security.KeyVault.Secrets;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Emulators;
using BackupFunctions.KeyVault;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.KeyVault;

public sealed class VaultCircuitBreakerTests
{
    private readonly TestTime _time = new();
    private readonly EmulatedVault _vault;
    private readonly SecretClient _client;

    public VaultCircuitBreakerTests()
    {
        _vault = new EmulatedVault(_time);
        _vault.Add("there", "a-value");
        _client = _vault.Client(new VaultCircuitBreaker(_time));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task After_a_read_that_failed_other_reads_fail_at_once_for_three_seconds(int status)
    {
        _vault.Faults.Add(Endpoints.Get, Fault.Status(status), times: 1);

        await Assert.ThrowsAsync<RequestFailedException>(ReadAsync);
        _time.Advance(TimeSpan.FromSeconds(2.9));
        var failure = (await Assert.ThrowsAsync<TokenException>(ReadAsync)).Failure;
        await Assert.ThrowsAsync<TokenException>(ListAsync);
        var calls = _vault.Calls.Count;
        _time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal("a-value", await ReadAsync());
        Assert.Equal(1, calls);
        Assert.Equal((FailureKind.VaultUnavailable, status), (failure.Kind, failure.HttpStatus));
        Assert.Contains($"answered {status}", failure.Problem, StringComparison.Ordinal);
        Assert.Equal(0.1, failure.RetryAfter!.Value.TotalSeconds, tolerance: 0.001);
    }

    [Fact]
    public async Task A_clock_that_is_set_back_makes_the_pause_no_longer()
    {
        var time = new SteppedTime(_time) { Ahead = TimeSpan.FromHours(1) };
        var client = _vault.Client(new VaultCircuitBreaker(time));
        _vault.Faults.Add(Endpoints.Get, Fault.Status(503), times: 1);
        await Assert.ThrowsAsync<RequestFailedException>(() => client.GetSecretAsync("there", null, Cancel));

        time.Ahead = TimeSpan.Zero;
        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal("a-value", (await client.GetSecretAsync("there", null, Cancel)).Value.Value);
    }

    [Fact]
    public async Task A_list_that_failed_stops_no_read()
    {
        _vault.Faults.Add(Endpoints.List, Fault.Reset(), times: 1);

        await Assert.ThrowsAsync<RequestFailedException>(ListAsync);

        Assert.Equal("a-value", await ReadAsync());
    }

    [Fact]
    public async Task After_a_read_that_broke_off_other_reads_fail_at_once()
    {
        _vault.Faults.Add(Endpoints.Get, Fault.Reset(), times: 1);

        await Assert.ThrowsAsync<RequestFailedException>(ReadAsync);

        await Assert.ThrowsAsync<TokenException>(ReadAsync);
    }

    [Fact]
    public async Task A_vault_that_asks_for_a_longer_wait_gets_it()
    {
        _vault.Faults.Add(Endpoints.Get, Fault.Status(429, retryAfter: TimeSpan.FromSeconds(45)), times: 1);

        await Assert.ThrowsAsync<RequestFailedException>(ReadAsync);
        _time.Advance(TimeSpan.FromSeconds(44));
        var failure = (await Assert.ThrowsAsync<TokenException>(ReadAsync)).Failure;
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("a-value", await ReadAsync());
        Assert.Equal(TimeSpan.FromSeconds(1), failure.RetryAfter);
    }

    [Fact]
    public async Task A_write_is_always_tried_and_its_failure_stops_no_read()
    {
        _vault.Faults.Add(Endpoints.Get, Fault.Status(503), times: 1);
        await Assert.ThrowsAsync<RequestFailedException>(ReadAsync);
        await WriteAsync();
        _time.Advance(TimeSpan.FromSeconds(3));
        _vault.Faults.Add(Endpoints.Set, Fault.Status(429), times: 1);

        await Assert.ThrowsAsync<RequestFailedException>(WriteAsync);

        Assert.Equal("another-value", await ReadAsync());
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    public async Task An_answer_about_one_secret_stops_no_other_read(int status)
    {
        _vault.Faults.Add(Endpoints.Get, Fault.Status(status), times: 1);

        await Assert.ThrowsAsync<RequestFailedException>(ReadAsync);

        Assert.Equal("a-value", await ReadAsync());
    }

    [Fact]
    public async Task A_caller_who_gives_up_says_nothing_about_the_vault()
    {
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        _vault.Faults.Add(Endpoints.Get, Fault.Hang(), times: 1);
        var gone = _client.GetSecretAsync("there", cancellationToken: caller.Token);
        await _vault.Faults.WaitUntilHeldAsync(cancellationToken: Cancel);

        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);

        Assert.Equal("a-value", await ReadAsync());
    }

    private async Task<string> ReadAsync() =>
        (await _client.GetSecretAsync("there", cancellationToken: Cancel)).Value.Value;

    private Task WriteAsync() => _client.SetSecretAsync("there", "another-value", Cancel);

    private async Task ListAsync()
    {
        await foreach (var _ in _client.GetPropertiesOfSecretsAsync(Cancel))
        {
            // Only the call counts.
        }
    }
}
