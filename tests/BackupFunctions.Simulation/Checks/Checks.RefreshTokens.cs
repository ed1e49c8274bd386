using BackupFunctions.Connections;
using BackupFunctions.Tokens;

namespace BackupFunctions.Simulation;

/// <summary>
/// A refresh token works once: what the vendor has answered is never sent again. Only one whose answer was lost may be:
/// by a later attempt, if nobody but a person could help otherwise, or by a sign-out, to end its session
/// (docs/adr/0003).
/// </summary>
internal sealed partial class Checks
{
    /// <summary>The refresh tokens that vendors have answered, be it with tokens or with a refusal.</summary>
    private readonly Dictionary<string, Answered> _answeredRefreshTokens = new(StringComparer.Ordinal);
    private readonly Dictionary<ConnectionKey, DateTimeOffset> _signInBegan = [];

    private void RefreshTokenSent(Account account, Call call)
    {
        if (
            call.RefreshToken is not { } token
            || !_answeredRefreshTokens.TryGetValue(token, out var answered)
            || (!answered.WasHeard && MayBeSentOnceMore(account, answered))
        )
        {
            return;
        }

        // The same instance remembers it, whatever storage does.
        var since = world.Now - answered.At + LockAftermath;
        if (call.From == answered.To || world.Locks.WasSound(account.Key, since))
        {
            Violated(
                $"{call.From.Name} sends {account.Key} a refresh token again, which {answered.To.Name} has sent: it "
                    + $"was answered at {answered.At:HH:mm:ss.fff}{(answered.WasHeard ? "" : ", unheard")}"
            );
        }
    }

    private bool MayBeSentOnceMore(Account account, Answered answered) =>
        account.SignOut != SignOutState.None || (account.NeedsPerson && _signInBegan[account.Key] > answered.At);

    private void RefreshTokenAnswered(Call call, bool wasHeard)
    {
        // A sender that is dead by now cannot have left word for anybody.
        if (call is { RefreshToken: { } token, From.IsAlive: true })
        {
            _answeredRefreshTokens[token] = new Answered(call.From, world.Now, wasHeard);
        }
    }

    /// <summary>Nobody else can know of a refresh token that a dead instance has sent, unless it left word.</summary>
    private void ForgetAnsweredTo(Instance died, Account account)
    {
        if (
            account.VaultRefreshToken is { } token
            && _answeredRefreshTokens.TryGetValue(token, out var answered)
            && answered.To == died
            && !IsOnRecord(account, Fingerprint.Of(token), answered)
        )
        {
            _answeredRefreshTokens.Remove(token);
        }
    }

    /// <summary>
    /// Whether the record tells of the answer. Doubt does so only if the answer was lost; otherwise it is of an attempt
    /// before.
    /// </summary>
    private bool IsOnRecord(Account account, string fingerprint, Answered answered)
    {
        var record = LedgerOf(account);
        return record.SpentRefreshToken == fingerprint
            || record.DeadRefreshToken == fingerprint
            || (record.DoubtfulRefreshToken == fingerprint && !answered.WasHeard);
    }

    /// <summary>What became of a refresh token.</summary>
    /// <param name="To">Who had sent it.</param>
    /// <param name="At">When the vendor answered.</param>
    /// <param name="WasHeard">Whether the answer arrives.</param>
    private sealed record Answered(Instance To, DateTimeOffset At, bool WasHeard);
}
