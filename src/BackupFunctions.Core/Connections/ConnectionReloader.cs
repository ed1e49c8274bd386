using BackupFunctions.Tokens;
using BackupFunctions.Vendors;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Connections;

/// <summary>
/// Keeps a <see cref="ConnectionDirectory"/> up to date with its source: one reading at a time, which nobody who waits for it
/// cancels. A source that is down changes nothing.
/// </summary>
public sealed class ConnectionReloader(
    ConnectionDirectory directory,
    TimeProvider time,
    ILogger<ConnectionReloader> logger,
    IConnectionSource? source = null
)
{
    /// <summary>How often the host reads: so that a change is seen within five minutes, however long a reading takes.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(2);

    /// <summary>A sweep first reads if nobody has for so long.</summary>
    public static readonly TimeSpan StaleAfter = TimeSpan.FromMinutes(5);

    /// <summary>Callers who name an unknown connection make it read no more often than this.</summary>
    public static readonly TimeSpan AskedInterval = TimeSpan.FromSeconds(30);

    /// <summary>How long somebody waits for a reading; it goes on without them.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan DeniedInterval = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private Task _reading = Task.CompletedTask;
    private TaskCompletionSource _published = NewSignal();
    private DateTimeOffset? _readAt;
    private DateTimeOffset? _deniedAt;
    private TokenFailure? _failure;
    private bool _wasWhole;

    /// <summary>Why the last reading was not whole; null if it was, or if there has been none.</summary>
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
    /// Reads unless somebody has lately, and waits for it, <see cref="Patience"/> at most. Never throws but for the caller's own
    /// cancellation.
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

    /// <summary>Waits for the first whole reading, if there has been none; it goes on without who waits. Never throws but for the caller's own cancellation.</summary>
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

    /// <summary>Finds a connection; one that is not known yet is looked for at its source.</summary>
    /// <param name="vendor">Whose connection.</param>
    /// <param name="connection">Its name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null if there is none.</returns>
    /// <exception cref="TokenException"><see cref="FailureKind.VaultUnavailable"/>: nobody can say yet whether there is one.</exception>
    public ValueTask<VendorConnection?> FindAsync(
        IVendor vendor,
        string connection,
        CancellationToken cancellationToken
    ) =>
        directory.Find(vendor, connection) is { } known ? ValueTask.FromResult<VendorConnection?>(known)
        : source is null || !ConnectionKey.IsName(connection) ? ValueTask.FromResult<VendorConnection?>(null)
        : new ValueTask<VendorConnection?>(SeekAsync(vendor, connection, cancellationToken));

    private async Task<VendorConnection?> SeekAsync(
        IVendor vendor,
        string connection,
        CancellationToken cancellationToken
    )
    {
        var deadline = time.GetUtcNow() + Patience;
        while (true)
        {
            // In this order: what is published while this looks is seen by the signal taken before.
            var (reading, published) = JoinOrStart(AskedInterval);
            if (directory.Find(vendor, connection) is { } found)
            {
                return found;
            }

            var left = deadline - time.GetUtcNow();
            if (reading.IsCompleted || left <= TimeSpan.Zero)
            {
                break;
            }

            await ((Task)Task.WhenAny(reading, published))
                .WaitAsync(left, time, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }

        if (directory.Find(vendor, connection) is { } late)
        {
            return late;
        }

        return WhyUnknowable() is { } why ? throw new TokenException(why) : null;
    }

    private (Task Reading, Task Published) JoinOrStart(TimeSpan olderThan)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (source is not null && _reading.IsCompleted && !(now - _readAt < olderThan))
            {
                _readAt = now;
                _reading = ReadAsync(source);
            }

            return (_reading, _published.Task);
        }
    }

    /// <summary>Why nobody can say that there is no such connection; null if somebody can.</summary>
    private TokenFailure? WhyUnknowable()
    {
        lock (_gate)
        {
            return _wasWhole || _failure?.Kind == FailureKind.VaultAccessDenied
                ? null
                : new TokenFailure(
                    FailureKind.VaultUnavailable,
                    $"The vault's connections are not all known yet. {_failure?.Detail}".TrimEnd()
                )
                {
                    RetryAfter = AskedInterval,
                };
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
                directory.Replace(known);
                Publish();
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
                "Reading them broke off unexpectedly; the log has the exception."
            );
            ConnectionLog.Broke(logger, exception);
        }

        lock (_gate)
        {
            _failure = failure;
            _wasWhole |= failure is null;
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

    /// <summary>A vault that may not be listed is one whose connections all stand in settings: said once an hour, and no fault.</summary>
    private void Report(TokenFailure failure)
    {
        if (failure.Kind != FailureKind.VaultAccessDenied)
        {
            ConnectionLog.NotRead(logger, failure.Kind, failure.Detail);
            return;
        }

        var now = time.GetUtcNow();
        if (!(now - _deniedAt < DeniedInterval))
        {
            _deniedAt = now;
            ConnectionLog.Denied(logger, failure.Detail);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
