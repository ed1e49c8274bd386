using BackupFunctions.Renewal;
using BackupFunctions.SignIn.Transport;
using BackupFunctions.State;
using BackupFunctions.Tokens;

namespace BackupFunctions.Broker;

/// <summary>How long one caller waits in all. What it waits for goes on without it.</summary>
internal sealed class CallerWait(TimeProvider time)
{
    /// <summary>The longest wait of a caller.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>The longest wait of a caller while there is a token that it may have.</summary>
    public static readonly TimeSpan WithToken = TimeSpan.FromSeconds(2);

    private readonly long _since = time.GetTimestamp();

    /// <summary>How much longer the caller waits.</summary>
    public TimeSpan Left =>
        time.GetElapsedTime(_since) is var waited && waited < Longest ? Longest - waited : TimeSpan.Zero;

    /// <summary>The failure of a caller whose time has run out before a renewal has ended.</summary>
    public static TokenException Exceeded(ConnectionState state)
    {
        var connection = state.Connection;
        var (kind, cause) = state.VendorGate.IsRenewing
            ? (FailureKind.VendorUnavailable, $"{connection.Vendor.Name} has not answered yet.")
            : (FailureKind.BackingOff, "Another process, or the vault, delays it.");
        return Exceeded(kind, $"The renewal of {connection.Key}", cause, state.Record.FailuresInRow);
    }

    /// <summary>The same for something else than a renewal.</summary>
    /// <param name="kind">The problem type.</param>
    /// <param name="what">What takes so long.</param>
    /// <param name="cause">Why, as a sentence.</param>
    /// <param name="failuresInRow">How many attempts have failed before this one.</param>
    public static TokenException Exceeded(FailureKind kind, string what, string cause, int failuresInRow) =>
        new(
            new TokenFailure(kind, $"{what} has taken more than {Longest.TotalSeconds} s and continues. {cause}")
            {
                // By then it has ended, and if it failed, the next attempt is due.
                RetryAfter = VendorHttp.TotalTimeout - Longest + BackOff.After(failuresInRow + 1, null, jitter: 0),
                WasNotTried = true,
            }
        );
}
