using BackupFunctions.Tokens;
using BackupFunctions.Vendors;

namespace BackupFunctions.Connections;

/// <content>Looks for a connection that is not known yet.</content>
public sealed partial class ConnectionReloader
{
    /// <summary>Finds a connection; one that is not known yet is looked for at its source.</summary>
    /// <param name="vendor">Whose connection.</param>
    /// <param name="connection">Its name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null if there is none.</returns>
    /// <exception cref="TokenException">
    /// <see cref="FailureKind.Misconfigured"/>: its settings are wrong. <see cref="FailureKind.VaultUnavailable"/>: it
    /// is not known yet whether there is one.
    /// </exception>
    public ValueTask<Connection?> FindAsync(
        VendorProfile vendor,
        string connection,
        CancellationToken cancellationToken
    )
    {
        if (directory.Find(vendor, connection) is { } known)
        {
            return ValueTask.FromResult<Connection?>(known);
        }

        if (directory.FindMisconfigured(vendor, connection) is { } wrong)
        {
            throw new TokenException(wrong.Failure);
        }

        return source is null || !ConnectionKey.IsName(connection)
            ? ValueTask.FromResult<Connection?>(null)
            : new ValueTask<Connection?>(SeekAsync(vendor, connection, cancellationToken));
    }

    /// <summary>
    /// First looks where the connection is expected, then reads all there are, unless somebody has lately.
    /// </summary>
    private async Task<Connection?> SeekAsync(
        VendorProfile vendor,
        string connection,
        CancellationToken cancellationToken
    )
    {
        var began = time.GetTimestamp();
        var whyNotLooked = await LookAsync(
            new ConnectionKey(vendor.Name, connection.ToLowerInvariant()),
            cancellationToken
        );
        while (true)
        {
            // In this order: what is published while this looks is seen by the signal taken before.
            var (reading, published) = JoinOrStart(AskedInterval);
            if (directory.Find(vendor, connection) is { } found)
            {
                return found;
            }

            var left = CallerPatience - time.GetElapsedTime(began);
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

        return (whyNotLooked ?? WhyUnknowable()) is { } why ? throw new TokenException(why) : null;
    }

    /// <summary>Looks where the connection is expected, and publishes what is there.</summary>
    /// <returns>Why it could not look; null if it could.</returns>
    private async Task<TokenFailure?> LookAsync(ConnectionKey key, CancellationToken cancellationToken)
    {
        if (_lookups is null || !_lookups.TryLook(key, out var looking))
        {
            return Unknown("Many unknown connections were asked for in the last seconds.", NameLookups.Window);
        }

        try
        {
            if (await looking.WaitAsync(CallerPatience, time, cancellationToken))
            {
                Take(static source => source.Known);
            }

            return null;
        }
        catch (TokenException exception)
        {
            return exception.Failure.Kind == FailureKind.VaultAccessDenied
                ? null
                : Unknown(exception.Failure.Detail, exception.Failure.RetryAfter);
        }
        catch (TimeoutException)
        {
            return Unknown("The vault has not answered yet.", retryAfter: null);
        }
    }

    /// <summary>Why it is not known whether a connection exists; null if it is.</summary>
    private TokenFailure? WhyUnknowable()
    {
        lock (_gate)
        {
            return _wasWhole || _failure?.Kind == FailureKind.VaultAccessDenied
                ? null
                : Unknown(_failure?.Detail, _failure?.RetryAfter);
        }
    }

    private static TokenFailure Unknown(string? why, TimeSpan? retryAfter) =>
        new(FailureKind.VaultUnavailable, $"Not all connections in the vault are known yet. {why}".TrimEnd())
        {
            RetryAfter = retryAfter ?? AskedInterval,
        };
}
