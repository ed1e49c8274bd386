using System.Runtime.CompilerServices;
using BackupFunctions.Connections;
using BackupFunctions.Tokens;

namespace BackupFunctions.Web;

/// <summary>
/// Makes the replies with tokens. One that many ask for is written once in a second: it changes no more often. Of one that is asked for now
/// and then nothing is kept. Thread-safe.
/// </summary>
internal sealed class TokenReplies
{
    private readonly ConditionalWeakTable<AccessToken, StrongBox<Made?>> _known = [];

    /// <summary>The reply with a token.</summary>
    /// <param name="connection">Whose token.</param>
    /// <param name="token">The token.</param>
    /// <param name="now">The present instant.</param>
    public Reply Of(Connection connection, AccessToken token, DateTimeOffset now)
    {
        var expiresIn = Reply.ExpiresIn(token, now);
        var latest = _known.GetValue(token, static _ => new StrongBox<Made?>());
        var made = Volatile.Read(ref latest.Value);
        var isAskedAgain = made is not null && made.ExpiresIn == expiresIn && made.Connection == connection;
        if (isAskedAgain && made!.Reply is { } kept)
        {
            return kept;
        }

        var reply = Reply.OfToken(connection, token, expiresIn);
        Volatile.Write(ref latest.Value, new Made(connection, expiresIn, isAskedAgain ? reply : null));
        return reply;
    }

    private sealed record Made(Connection Connection, long ExpiresIn, Reply? Reply);
}
