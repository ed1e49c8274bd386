using System.Diagnostics;
using System.Diagnostics.Metrics;
using BackupFunctions.Connections;
using BackupFunctions.Problems;
using BackupFunctions.Tokens;

namespace BackupFunctions.Diagnostics;

/// <summary>Runs an operation and records its span and duration.</summary>
internal static class OperationTimer
{
    /// <summary>Obtaining a token, from whatever source.</summary>
    public static Task<T> RenewalSpanAsync<T>(ConnectionKey connection, Func<Task<T>> run) =>
        RunAsync(Spans.Renewal, ActivityKind.Internal, duration: null, connection, TimeProvider.System, run);

    /// <summary>A renewal attempt under the lock.</summary>
    public static Task<T> RenewalAsync<T>(ConnectionKey connection, TimeProvider time, Func<Task<T>> run) =>
        RunAsync(spanName: null, ActivityKind.Internal, Instruments.Renewals, connection, time, run);

    /// <summary>A call to a vendor.</summary>
    public static Task<T> VendorCallAsync<T>(ConnectionKey connection, TimeProvider time, Func<Task<T>> run) =>
        RunAsync(Spans.VendorCall, ActivityKind.Client, Instruments.VendorCalls, connection, time, run);

    /// <summary>A wait for the refresh lock.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="time">The clock.</param>
    /// <param name="run">Waits.</param>
    /// <param name="outcomeOf">The outcome of an exception thrown by the lock; null for any other exception.</param>
    public static Task<T> LockWaitAsync<T>(
        ConnectionKey connection,
        TimeProvider time,
        Func<Task<T>> run,
        Func<Exception, string?> outcomeOf
    ) => RunAsync(Spans.LockWait, ActivityKind.Internal, Instruments.LockWaits, connection, time, run, outcomeOf);

    private static async Task<T> RunAsync<T>(
        string? spanName,
        ActivityKind kind,
        Histogram<double>? duration,
        ConnectionKey connection,
        TimeProvider time,
        Func<Task<T>> run,
        Func<Exception, string?>? outcomeOf = null
    )
    {
        using var span = spanName is null ? null : Spans.Start(spanName, connection, kind);
        var since = time.GetTimestamp();
        var outcome = OutcomeName.Ok;
        try
        {
            return await run();
        }
        catch (Exception exception)
        {
            outcome = outcomeOf?.Invoke(exception) ?? OutcomeName.Of(exception);
            span?.End(outcome, (exception as TokenException)?.Failure.HttpStatus);
            throw;
        }
        finally
        {
            duration?.Record(
                time.GetElapsedTime(since).TotalSeconds,
                new("vendor", connection.Vendor),
                new("outcome", outcome)
            );
        }
    }
}
