using Azure.Core;
using Azure.Core.Pipeline;

namespace BackupFunctions.AzureSdk;

/// <summary>
/// Repeats a failed request twice, soon. A service that asks for a longer wait is not asked again in its caller's time:
/// the SDK's own policy waits as long as a <c>Retry-After</c> says, whatever <c>MaxDelay</c> is. Nor is a request
/// repeated that took long to fail.
/// </summary>
/// <param name="time">Measures how long a request has taken so far.</param>
/// <param name="retries">How often a request is repeated.</param>
/// <param name="delays">The waits in between; tests pass others.</param>
internal sealed class BoundedRetryPolicy(TimeProvider time, int retries = 2, DelayStrategy? delays = null)
    : RetryPolicy(retries, delays ?? DelayStrategy.CreateExponentialDelayStrategy(ShortestDelay, LongestDelay))
{
    /// <summary>The longest wait between two tries.</summary>
    public static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(1);

    /// <summary>After this time a request is not repeated.</summary>
    public static readonly TimeSpan LongestEffort = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan ShortestDelay = TimeSpan.FromMilliseconds(200);

    protected override void OnSendingRequest(HttpMessage message)
    {
        if (!message.TryGetProperty(typeof(BoundedRetryPolicy), out _))
        {
            message.SetProperty(typeof(BoundedRetryPolicy), time.GetTimestamp());
        }
    }

    protected override ValueTask OnSendingRequestAsync(HttpMessage message)
    {
        OnSendingRequest(message);
        return ValueTask.CompletedTask;
    }

    protected override bool ShouldRetry(HttpMessage message, Exception? exception) =>
        IsSoon(message) && base.ShouldRetry(message, exception);

    protected override ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) =>
        IsSoon(message) ? base.ShouldRetryAsync(message, exception) : ValueTask.FromResult(false);

    private bool IsSoon(HttpMessage message) =>
        message.TryGetProperty(typeof(BoundedRetryPolicy), out var since)
        && time.GetElapsedTime((long)since!) <= LongestEffort
        && !(message.HasResponse && RetryAfterHeader.AsksForMoreThan(LongestDelay, message.Response));
}
