using BackupFunctions.Broker;
using BackupFunctions.Connections;
using BackupFunctions.Ledger;
using BackupFunctions.Renewal;
using BackupFunctions.Tokens;

namespace BackupFunctions.Check;

/// <summary>
/// A real sign-in, through the broker and so by its rules: back-off, holds and the limit of refusals count as for any caller, so
/// that no number of checks locks an account. What it brings is saved and served like any other token.
/// </summary>
internal sealed class SignInCheck(
    TokenBroker broker,
    ILedger ledger,
    SavedTokenCheck saved,
    RenewalOptions renewal,
    SignInFindings words,
    TimeProvider time
)
{
    /// <summary>The step for a connection.</summary>
    public CheckStep Step(Connection target)
    {
        var subject = target.Key.ToString();
        return new CheckStep(
            CheckGroup.SignIns,
            subject,
            new Finding(
                FindingType.SignInUnfinished,
                subject,
                "The sign-in takes longer than a check waits. It goes on, and obeys all limits.",
                new("See under Servers, and check once more.")
            ),
            ended => LookAsync(target, ended)
        );
    }

    private async Task<IReadOnlyList<Finding>> LookAsync(Connection target, CancellationToken cancellationToken)
    {
        var key = target.Key;
        if (target.Vendor.RotatesRefreshTokens && !renewal.MaySpendRefreshTokens)
        {
            return
            [
                new Finding(
                    FindingType.SignInLeftOut,
                    key.ToString(),
                    "Not signed in: its refresh tokens work once, and a deployed app may own them. --own-the-vault says that none does."
                ),
            ];
        }

        var begun = time.GetUtcNow();
        try
        {
            var token = await broker.GetAsync(
                target,
                new TokenRequest { MinimumLifetime = TimeSpan.Zero, Refresh = true },
                cancellationToken
            );
            return token.IssuedAt >= begun - TokenRequirement.YoungEnough
                ?
                [
                    words.Good(key, token, wasNew: token.IssuedAt >= begun),
                    .. await saved.FindAsync(target, token, cancellationToken),
                ]
                : [await WhyOldAsync(target, token, begun, cancellationToken)];
        }
        catch (TokenException exception)
        {
            return [words.Of(target, exception.Failure)];
        }
    }

    /// <summary>The broker served the token at hand, because there was no new one: the ledger knows why.</summary>
    private async Task<Finding> WhyOldAsync(
        Connection target,
        AccessToken token,
        DateTimeOffset begun,
        CancellationToken cancellationToken
    )
    {
        var entry = await ledger.ReadAsync(target.Key, newest: true, cancellationToken);
        var failure = entry.LastFailure is { } last
            ? last with
            {
                WasNotTried = entry.LastFailureAt < begun,
            }
            : new TokenFailure(FailureKind.BackingOff, "No new token was sought for the moment.")
            {
                WasNotTried = true,
            };
        var finding = words.Of(target, failure);
        return finding with
        {
            Sentence = $"{finding.Sentence} The token at hand lives until {token.ExpiresAt:HH:mm} UTC.",
        };
    }
}
