using BackupFunctions.Connections;
using BackupFunctions.Ledger;
using BackupFunctions.Renewal;
using BackupFunctions.State;
using BackupFunctions.Tokens;

namespace BackupFunctions.Status;

/// <summary>Derives a connection's status from its ledger entry, this process's memory and the vault's list.</summary>
internal static class StatusRules
{
    /// <summary>The status of a connection.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="entry">Its ledger entry.</param>
    /// <param name="state">What this process has in memory; null if nothing.</param>
    /// <param name="saved">The token that the vault lists; null if there is none or the vault was not asked.</param>
    /// <param name="now">The present instant.</param>
    public static ConnectionStatus StatusOf(
        Connection connection,
        LedgerEntry entry,
        ConnectionState? state,
        TokenMetadata? saved,
        DateTimeOffset now
    )
    {
        var (health, token, next) = Evaluate(entry, state, saved, now);
        var status = new ConnectionStatus(connection, health, Summary: "", token, entry, next);
        return status with { Summary = StatusSummary.Of(status, now) };
    }

    /// <summary>The health of a connection as far as this process knows it from memory.</summary>
    public static ConnectionHealth HealthOf(ConnectionState? state, DateTimeOffset now) =>
        Evaluate(state?.Record ?? LedgerEntry.Empty, state, saved: null, now).Health;

    private static (ConnectionHealth Health, TokenMetadata? Token, DateTimeOffset? NextAttempt) Evaluate(
        LedgerEntry entry,
        ConnectionState? state,
        TokenMetadata? saved,
        DateTimeOffset now
    )
    {
        var isRenewing = state?.VendorGate.IsRenewing == true;
        if (entry.SignedOutAt is not null)
        {
            return (
                isRenewing ? ConnectionHealth.Renewing : ConnectionHealth.SignedOut,
                Token: null,
                NextAttempt: null
            );
        }

        var token = NewestToken(entry, state, saved);
        var isUsable = token?.ExpiresAt > now;
        var next = NextAttempt(entry, state, isUsable, now);
        var health = isRenewing ? ConnectionHealth.Renewing : HealthOf(entry.LastFailure, isUsable, next);
        return (health, token, next);
    }

    private static ConnectionHealth HealthOf(TokenFailure? failure, bool hasUsableToken, DateTimeOffset? nextAttempt)
    {
        if (failure is { Kind: FailureKind.EnrolmentNeeded })
        {
            return ConnectionHealth.EnrolmentNeeded;
        }

        if (failure is { NeedsOperator: true })
        {
            return ConnectionHealth.Refused;
        }

        if (failure is not null || nextAttempt is not null)
        {
            return ConnectionHealth.BackingOff;
        }

        return hasUsableToken ? ConnectionHealth.Healthy : ConnectionHealth.Never;
    }

    private static TokenMetadata? NewestToken(LedgerEntry entry, ConnectionState? state, TokenMetadata? saved)
    {
        TokenMetadata?[] known = [state?.Current?.Metadata, entry.Token, saved];
        return known.OfType<TokenMetadata>().Where(token => !IsRejected(token)).MaxBy(token => token.IssuedAt);

        bool IsRejected(TokenMetadata token) =>
            entry.Rejected.Contains(token.Fingerprint) || state?.IsRejected(token.Fingerprint) == true;
    }

    private static DateTimeOffset? NextAttempt(
        LedgerEntry entry,
        ConnectionState? state,
        bool hasUsableToken,
        DateTimeOffset now
    )
    {
        // Rejections by callers delay nothing while there is a usable token.
        var rejectionHold = hasUsableToken ? null : state?.RejectionHoldUntil;
        DateTimeOffset?[] holds = [entry.NextAttempt, SignInPolicy.LeftAloneUntil(entry, now), rejectionHold];
        var next = holds.Max();
        return next > now ? next : null;
    }
}
