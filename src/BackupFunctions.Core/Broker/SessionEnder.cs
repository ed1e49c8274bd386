using BackupFunctions.Connections;
using BackupFunctions.Credentials;
using BackupFunctions.Ledger;
using BackupFunctions.Locking;
using BackupFunctions.Renewal;
using BackupFunctions.Rotation;
using BackupFunctions.SignIn;
using BackupFunctions.State;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Broker;

/// <summary>
/// Ends a connection's session at the vendor with the newest tokens it can find, and reports in words what happened.
/// </summary>
internal sealed class SessionEnder(
    ITokenStore store,
    ILedger ledger,
    AttemptRecorder recorder,
    IVendorClient vendor,
    ICredentialSource credentials,
    TimeProvider time,
    ILogger<SessionEnder> logger
)
{
    /// <summary>Ends the session. Never throws.</summary>
    /// <param name="state">The connection.</param>
    /// <param name="dropped">The token that was in memory; null if there was none.</param>
    /// <param name="pending">The refresh token that the vault had not accepted; null if there was none.</param>
    /// <param name="lease">The refresh lock; null if it could not be acquired.</param>
    /// <returns>
    /// Whether the session has ended, the access token that ended with it, and what happened, in whole sentences.
    /// </returns>
    public async Task<(bool HasEnded, AccessToken? Token, string Detail)> EndAsync(
        ConnectionState state,
        AccessToken? dropped,
        RefreshToken? pending,
        IRefreshLease? lease
    )
    {
        var (token, refreshToken, problems) = await FindTokensAsync(state.Connection, dropped, pending);
        var alive = token?.IsUsable(time.GetUtcNow(), TimeSpan.Zero) == true ? token : null;
        if (alive is null && refreshToken is null)
        {
            var nothing =
                problems.Length == 0
                    ? "It had no live token, so there was nothing to end at the vendor."
                    : $"The session was not ended at the vendor: end it there, if it must not go on.{problems}";
            return (false, token, nothing);
        }

        var (hasEnded, detail) = await AskVendorAsync(state, alive, refreshToken, lease);
        return (hasEnded, token, detail + problems);
    }

    private async Task<(bool HasEnded, string Detail)> AskVendorAsync(
        ConnectionState state,
        AccessToken? alive,
        RefreshToken? refreshToken,
        IRefreshLease? lease
    )
    {
        var connection = state.Connection;
        var expires = alive is null
            ? ""
            : $" Its last token works there until {alive.ExpiresAt:yyyy-MM-dd HH:mm} UTC for anyone who has it.";
        var context = new SignInContext(connection, credentials, newest: false, new RefusalBudget())
        {
            Rotation = connection.Vendor.RotatesRefreshTokens
                ? new RotationContext(refreshToken)
                {
                    RecordDeadAsync = fingerprint => recorder.RecordDeadRefreshTokenAsync(state, fingerprint),
                    EnsureLockHeld = () => lease.EnsureHeld(connection),
                }
                : null,
        };
        using var turn = await state.VendorGate.EnterToRenewAsync();
        try
        {
            return await vendor.EndSessionAsync(context, alive, CancellationToken.None)
                ? (true, "The vendor ended the session; its tokens no longer work.")
                : (false, $"{connection.Vendor.Name} has no way to end a session.{expires}");
        }
        catch (TokenException exception)
        {
            var failure = exception.Failure;
            var rest = failure is { HttpStatus: 401, NeedsOperator: true } ? "" : expires;
            return (false, $"The vendor did not end the session: {failure.Problem}{rest}");
        }
        catch (Exception exception)
        {
            BrokerLog.EndingSessionFailed(logger, connection.Key, exception);
            const string Problem = "Ending the session at the vendor failed unexpectedly; the log has the exception.";
            return (false, Problem + expires);
        }
    }

    /// <summary>
    /// The newest tokens of both kinds, from memory and from the vaults, and what prevented finding them.
    /// </summary>
    private async Task<(AccessToken? Token, RefreshToken? RefreshToken, string Problems)> FindTokensAsync(
        Connection connection,
        AccessToken? dropped,
        RefreshToken? pending
    )
    {
        var (saved, problem) = await TryReadAsync(connection, async () =>
            await store.ReadAccessTokenAsync(connection, CancellationToken.None)
        );
        var newest = saved is null || dropped?.IssuedAt > saved.IssuedAt ? dropped : saved;
        if (pending is not null || !connection.Vendor.RotatesRefreshTokens)
        {
            return (newest, pending, problem);
        }

        var (refreshToken, furtherProblem) = await TryReadAsync(connection, async () =>
            await store.ReadRefreshTokenAsync(connection, CancellationToken.None)
        );
        var record = await ledger.ReadAsync(connection.Key, newest: false, CancellationToken.None);
        if (refreshToken?.Fingerprint is { } fingerprint && fingerprint == record.DeadRefreshToken)
        {
            return (newest, null, problem + furtherProblem);
        }

        if (refreshToken is null || refreshToken.Fingerprint != record.SpentRefreshToken)
        {
            return (newest, refreshToken, problem + furtherProblem);
        }

        const string HeldElsewhere =
            " Another instance has a newer refresh token, which the vault had not accepted. That instance discards it; "
            + "its session may stay open at the vendor until it expires.";
        return (newest, null, HeldElsewhere);
    }

    private async Task<(T? Token, string Problem)> TryReadAsync<T>(Connection connection, Func<Task<T?>> read)
        where T : class
    {
        try
        {
            return (await read(), "");
        }
        catch (TokenException exception)
        {
            RenewalLog.VaultReadFailed(logger, connection.Key, exception.Failure);
            return (null, $" One of its tokens could not be read to end its session: {exception.Failure.Problem}");
        }
    }
}
