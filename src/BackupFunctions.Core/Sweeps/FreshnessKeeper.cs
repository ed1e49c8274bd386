using BackupFunctions.Connections;
using BackupFunctions.Renewal;
using BackupFunctions.State;

namespace BackupFunctions.Sweeps;

/// <summary>Renews a connection's token before it enters its refresh window.</summary>
internal sealed class FreshnessKeeper(ConnectionStates states, TokenRenewer renewer, TimeProvider time)
{
    /// <summary>Ensures that the token will not be in its refresh window at an instant.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="freshAt">The instant.</param>
    /// <param name="tick">
    /// The time between two sweeps, over which renewals are spread; zero for the exact instant.
    /// </param>
    /// <param name="cancellationToken">Ends the wait, and nothing else.</param>
    /// <returns>Whether the vendor or the vault had to be asked; false if the token in memory will do.</returns>
    /// <exception cref="Tokens.TokenException">There is no such token.</exception>
    public async Task<bool> KeepFreshAsync(
        Connection connection,
        DateTimeOffset freshAt,
        TimeSpan tick,
        CancellationToken cancellationToken
    )
    {
        var state = states.Of(connection);
        var requirement = new TokenRequirement
        {
            FreshAt = freshAt,
            Tick = tick,
            Priority = WritePriority.Background,
        };
        var askedAt = time.GetUtcNow();
        for (var hasAsked = false; ; hasAsked = true)
        {
            if (state.Current is { } token && requirement.IsMetBy(token, time.GetUtcNow(), connection.RefreshBefore))
            {
                return hasAsked;
            }

            // What a caller's renewal found in the vault may be fresh enough for that caller, and still be due before
            // the next tick.
            var renewal = renewer.JoinOrStart(state, requirement, out var started);
            var obtained = await renewer.TokenOfAsync(state, renewal).WaitAsync(cancellationToken);
            if (started || obtained.IssuedAt >= askedAt)
            {
                return true;
            }
        }
    }
}
