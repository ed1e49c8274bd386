using BackupFunctions.Broker;
using BackupFunctions.Connections;
using BackupFunctions.Ledger;
using BackupFunctions.Renewal;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;
using static BackupFunctions.Check.FindingType;

namespace BackupFunctions.Check;

/// <summary>
/// Makes a real sign-in through the broker, and tries the token. The broker's back-off and refusal limits apply, so
/// that repeated checks cannot lock an account, and the token is saved and served like any other.
/// </summary>
internal sealed class SignInCheck(
    TokenBroker broker,
    ILedger ledger,
    SavedTokenCheck saved,
    ApiCallCheck api,
    RenewalOptions renewal,
    SignInFindings findings,
    TimeProvider time
)
{
    /// <summary>Signs one connection in.</summary>
    public CheckStep Step(Connection target) =>
        new(
            CheckGroup.SignIns,
            new Finding(
                SignInUnfinished,
                target.Key.ToString(),
                "The sign-in takes longer than a check waits. It continues, within all limits.",
                "See under Servers, and check again."
            ),
            timeout => CheckAsync(target, timeout)
        );

    private async Task<IReadOnlyList<Finding>> CheckAsync(Connection target, CancellationToken cancellationToken)
    {
        if (target.Vendor.RotatesRefreshTokens && !renewal.MaySpendRefreshTokens)
        {
            return
            [
                new Finding(
                    SignInLeftOut,
                    target.Key.ToString(),
                    "Skipped, because its refresh tokens work only once and a deployed app may rely on them. "
                        + "Pass --own-the-vault if none does."
                ),
            ];
        }

        var startedAt = time.GetUtcNow();
        try
        {
            if (target.Vendor.Flow is StaticKeyFlow key)
            {
                return await TryKeyAsync(target, key, cancellationToken);
            }

            var token = await broker.GetAsync(
                target,
                new TokenRequest { MinimumLifetime = TimeSpan.Zero, Refresh = true },
                cancellationToken
            );
            if (token.IssuedAt < startedAt - TokenRequirement.YoungEnough)
            {
                return [await WhyOldAsync(target, token, startedAt, cancellationToken)];
            }

            return
            [
                findings.Good(target, token, isNew: token.IssuedAt >= startedAt),
                .. await saved.FindAsync(target, token, cancellationToken),
                .. await api.TryTokenAsync(target, token, cancellationToken),
            ];
        }
        catch (TokenException exception)
        {
            return [findings.Of(target, exception.Failure)];
        }
    }

    private async Task<IReadOnlyList<Finding>> TryKeyAsync(
        Connection target,
        StaticKeyFlow key,
        CancellationToken cancellationToken
    ) =>
        [
            new Finding(
                SignInLeftOut,
                target.Key.ToString(),
                "Skipped, because it has a static key: there is nothing to sign in."
            ),
            .. await api.TryKeyAsync(target, key, cancellationToken),
        ];

    /// <summary>The broker returned the current token because it could not get a new one.</summary>
    private async Task<Finding> WhyOldAsync(
        Connection target,
        AccessToken token,
        DateTimeOffset startedAt,
        CancellationToken cancellationToken
    )
    {
        var entry = await ledger.ReadAsync(target.Key, newest: true, cancellationToken);
        var failure = entry.LastFailure ?? new TokenFailure(FailureKind.BackingOff, $"Not retrying {target.Key} yet.");
        var wasTried = entry.LastFailure is not null && entry.LastFailureAt >= startedAt;
        var finding = findings.Of(target, failure with { WasNotTried = !wasTried });
        return finding with
        {
            Sentence = $"{finding.Sentence} The current token expires at {token.ExpiresAt:HH:mm} UTC.",
        };
    }
}
