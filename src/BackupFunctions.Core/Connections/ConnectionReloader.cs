using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Connections;

/// <summary>
/// Keeps a <see cref="ConnectionDirectory"/> up to date with its source: one reading at a time, which no caller
/// cancels. A source that is unavailable changes nothing.
/// </summary>
public sealed partial class ConnectionReloader(
    ConnectionDirectory directory,
    TimeProvider time,
    ILogger<ConnectionReloader> logger,
    IConnectionSource? source = null,
    IEnumerable<IConnectionListener>? listeners = null
)
{
    /// <summary>
    /// How often the host reads, so that a change is seen within five minutes, however long a reading takes.
    /// </summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(2);

    /// <summary>A sweep reads first if the last reading is older than this.</summary>
    public static readonly TimeSpan StaleAfter = TimeSpan.FromMinutes(5);

    /// <summary>Callers who name an unknown connection cause a reading no more often than this.</summary>
    public static readonly TimeSpan AskedInterval = TimeSpan.FromSeconds(30);

    /// <summary>How long a sweep waits for a reading, which goes on without it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>How long a caller waits who names an unknown connection. Reading goes on.</summary>
    public static readonly TimeSpan CallerPatience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan DeniedInterval = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Lock _taking = new();
    private readonly NameLookups? _lookups = source is null ? null : new NameLookups(source, time);
    private Task _reading = Task.CompletedTask;
    private TaskCompletionSource _published = NewSignal();
    private long? _readAt;
    private long? _deniedAt;
    private TokenFailure? _failure;
    private bool _wasWhole;

    /// <summary>Why the last reading was incomplete; null if it was complete, or there has been none.</summary>
    internal TokenFailure? LastFailure
    {
        get
        {
            lock (_gate)
            {
                return _failure;
            }
        }
    }

    /// <summary>
    /// Reads unless somebody has lately, and waits for it, <see cref="Patience"/> at most. Throws only for the caller's
    /// own cancellation.
    /// </summary>
    /// <param name="olderThan">How old the last reading must be.</param>
    /// <param name="cancellationToken">Ends the wait, not the reading.</param>
    public async Task EnsureReadAsync(TimeSpan olderThan, CancellationToken cancellationToken)
    {
        var (reading, _) = JoinOrStart(olderThan);
        await reading
            .WaitAsync(Patience, time, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>
    /// Waits for the first complete reading, if there has been none. Throws only for the caller's own cancellation.
    /// </summary>
    /// <param name="patience">How long to wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task EnsureKnownAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        if (WhyUnknowable() is not null && source is not null)
        {
            var (reading, _) = JoinOrStart(AskedInterval);
            await reading
                .WaitAsync(patience, time, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private (Task Reading, Task Published) JoinOrStart(TimeSpan olderThan)
    {
        lock (_gate)
        {
            if (source is not null && _reading.IsCompleted && !IsWithin(olderThan, _readAt))
            {
                _readAt = time.GetTimestamp();
                _reading = ReadAsync(source);
            }

            return (_reading, _published.Task);
        }
    }

    private async Task ReadAsync(IConnectionSource connections)
    {
        // Off the caller's thread and out of the gate.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        TokenFailure? failure = null;
        try
        {
            await foreach (var known in connections.ReadAsync(CancellationToken.None))
            {
                Take(_ => known);
            }
        }
        catch (TokenException exception)
        {
            failure = exception.Failure;
            Report(failure);
        }
        catch (Exception exception)
        {
            failure = new TokenFailure(
                FailureKind.VaultUnavailable,
                "Reading the connections failed unexpectedly; the log has the exception."
            );
            ConnectionLog.Broke(logger, exception);
        }

        lock (_gate)
        {
            _failure = failure;
            _wasWhole |= failure is null;
        }
    }

    private void Take(Func<IConnectionSource, IReadOnlyList<Connection>> known)
    {
        // Asked for in here, so that nobody's older knowledge replaces newer.
        lock (_taking)
        {
            Announce(directory.Replace(known(source!)));
        }

        Publish();
    }

    private void Announce(IReadOnlyList<Connection> removed)
    {
        foreach (var listener in listeners ?? [])
        {
            foreach (var connection in removed)
            {
                listener.Removed(connection, directory.Find(connection.Vendor, connection.Key.Connection) is not null);
            }
        }
    }

    private void Publish()
    {
        lock (_gate)
        {
            _published.TrySetResult();
            _published = NewSignal();
        }
    }

    /// <summary>
    /// A vault that may not be listed is one whose connections are all in settings: logged once an hour, and not an
    /// error.
    /// </summary>
    private void Report(TokenFailure failure)
    {
        if (failure.Kind != FailureKind.VaultAccessDenied)
        {
            ConnectionLog.NotRead(logger, failure.Kind, failure.Detail);
            return;
        }

        if (!IsWithin(DeniedInterval, _deniedAt))
        {
            _deniedAt = time.GetTimestamp();
            ConnectionLog.Denied(logger, failure.Detail);
        }
    }

    // By timestamps: a clock that is set back must not keep the vault from being read.
    private bool IsWithin(TimeSpan interval, long? timestamp) =>
        timestamp is { } since && time.GetElapsedTime(since) < interval;

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
