using BackupFunctions.Connections;
using BackupFunctions.Ledger;
using BackupFunctions.Renewal;
using BackupFunctions.State;
using BackupFunctions.Tokens;

namespace BackupFunctions.Status;

/// <summary>Says how a connection is, from what is on record, what this process has in memory, and what the vault's list tells.</summary>
internal static class StatusRules
{
    /// <summary>Judges a connection.</summary>
    /// <param name="target">Which one.</param>
    /// <param name="entry">What is on record of it.</param>
    /// <param name="session">What this process has in memory; null if nothing.</param>
    /// <param name="saved">What the vault's list tells of its token; null if nothing, or it was not asked.</param>
    /// <param name="now">The present instant.</param>
    public static ConnectionStatus Judge(
        Connection target,
        LedgerEntry entry,
        ConnectionState? session,
        TokenMetadata? saved,
        DateTimeOffset now
    )
    {
        var token = entry.SignedOutAt is null ? NewestToken(entry, session, saved) : null;
        var next = entry.SignedOutAt is null ? NextAttempt(entry, session, token, now) : null;
        var state = StateOf(entry, session, token, next, now);
        var status = new ConnectionStatus(target, state, "", token, entry, next);
        return status with { Summary = StatusSummary.Of(status, now) };
    }

    /// <summary>The health of a connection as this process knows it from memory alone.</summary>
    public static ConnectionHealth HealthOf(ConnectionState? state, DateTimeOffset now)
    {
        if (state is null)
        {
            return ConnectionHealth.Never;
        }

        var token = state.Record.SignedOutAt is null ? NewestToken(state.Record, state, saved: null) : null;
        var next = state.Record.SignedOutAt is null ? NextAttempt(state.Record, state, token, now) : null;
        return StateOf(state.Record, state, token, next, now);
    }

    private static ConnectionHealth StateOf(
        LedgerEntry entry,
        ConnectionState? session,
        TokenMetadata? token,
        DateTimeOffset? next,
        DateTimeOffset now
    ) =>
        session?.VendorGate.IsRenewing == true ? ConnectionHealth.Renewing
        : entry.SignedOutAt is not null ? ConnectionHealth.SignedOut
        : entry.LastFailure is { Kind: FailureKind.EnrolmentNeeded } ? ConnectionHealth.EnrolmentNeeded
        : entry.LastFailure is { NeedsOperator: true } ? ConnectionHealth.Refused
        : entry.LastFailure is not null || next is not null ? ConnectionHealth.BackingOff
        : token?.ExpiresAt > now ? ConnectionHealth.Healthy
        : ConnectionHealth.Never;

    private static TokenMetadata? NewestToken(LedgerEntry entry, ConnectionState? session, TokenMetadata? saved) =>
        new[] { session?.Current?.Metadata, entry.Token, saved }
            .Where(token =>
                token is not null
                && !entry.Rejected.Contains(token.Fingerprint)
                && session?.IsRejected(token.Fingerprint) != true
            )
            .MaxBy(token => token!.IssuedAt);

    private static DateTimeOffset? NextAttempt(
        LedgerEntry entry,
        ConnectionState? session,
        TokenMetadata? token,
        DateTimeOffset now
    )
    {
        // Callers' rejections hold up nobody while there is a token.
        var rejections = token?.ExpiresAt > now ? null : session?.RejectionHoldUntil;
        return
            new[] { entry.NextAttempt, SignInPolicy.LeftAloneUntil(entry, now), rejections }.Max() is { } next
            && next > now
            ? next
            : null;
    }
}
