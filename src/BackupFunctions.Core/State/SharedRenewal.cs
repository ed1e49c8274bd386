using BackupFunctions.Tokens;

namespace BackupFunctions.State;

/// <summary>A renewal or sign-out under way, for which any number of callers wait. Thread-safe.</summary>
/// <param name="task">Its result; null if the connection was signed out instead.</param>
/// <param name="byOperator">Whether an operator asked for it.</param>
internal sealed class SharedRenewal(Task<AccessToken?> task, bool byOperator)
{
    private const ConfigureAwaitOptions Quietly =
        ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext;

    private readonly Lock _lock = new();
    private Task _interval = Task.CompletedTask;

    public Task<AccessToken?> Result => task;

    public bool ByOperator => byOperator;

    /// <summary>
    /// Completes when the renewal ends, however it does, and at the end of the current interval at the latest. All who
    /// wait share one timer: thousands may.
    /// </summary>
    public Task EndOrInterval(TimeSpan interval, TimeProvider time)
    {
        lock (_lock)
        {
            if (_interval.IsCompleted)
            {
                _interval = WaitAsync(interval, time);
            }

            return _interval;
        }
    }

    private async Task WaitAsync(TimeSpan interval, TimeProvider time) =>
        await ((Task)task).WaitAsync(interval, time).ConfigureAwait(Quietly);
}
