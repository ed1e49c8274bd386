using BackupFunctions.Connections;
using BackupFunctions.Tokens;

namespace BackupFunctions.Check;

/// <summary>What came of a sign-in, in the words of findings.</summary>
internal sealed class SignInFindings(VaultAccesses vaults, TimeProvider time)
{
    /// <summary>There is a token.</summary>
    public Finding Good(ConnectionKey key, AccessToken token, bool wasNew) =>
        new(
            FindingType.SignInGood,
            key.ToString(),
            $"{(wasNew ? "Signed in" : "Signed in less than 30 s before")}; the token lives for {Minutes(token.ExpiresAt - time.GetUtcNow())}."
        );

    /// <summary>There is none, or only an old one.</summary>
    public Finding Of(Connection target, TokenFailure failure)
    {
        var key = target.Key;
        var (sentence, rest) = Finding.Part(failure.Detail);
        return failure switch
        {
            { Kind: FailureKind.SignedOut } => new Finding(
                FindingType.SignedOut,
                key.ToString(),
                sentence,
                new($"POST /api/Refresh/{key} signs it in again.")
            ),
            { Kind: FailureKind.EnrolmentNeeded } => new Finding(
                FindingType.EnrolmentNeeded,
                key.ToString(),
                sentence,
                rest is null ? null : new Remedy(rest)
            ),
            { WasNotTried: true, Kind: FailureKind.CredentialsRefused } => new Finding(
                FindingType.SignInHeld,
                key.ToString(),
                $"Not tried again, so that the account is not locked. The last time: {sentence}",
                Mend(target, failure, rest)
            ),
            { WasNotTried: true, NeedsOperator: true } => new Finding(
                FindingType.SignInRefused,
                key.ToString(),
                $"Not due to be tried again. The last time: {sentence}",
                Mend(target, failure, rest)
            ),
            { NeedsOperator: true } => new Finding(
                FindingType.SignInRefused,
                key.ToString(),
                sentence,
                Mend(target, failure, rest)
            ),
            { WasNotTried: true } or { Kind: FailureKind.BackingOff } => new Finding(
                FindingType.SignInBackingOff,
                key.ToString(),
                sentence,
                new($"Wait{For(failure.RetryAfter)}, or POST /api/Refresh/{key}, which tries at once.")
            ),
            _ => new Finding(
                FindingType.SignInFailed,
                key.ToString(),
                sentence,
                new(rest ?? "It is tried again by itself. See under Servers, and look at the vendor's status page.")
            ),
        };
    }

    private Remedy Mend(Connection target, TokenFailure failure, string? rest) =>
        failure.Kind == FailureKind.CredentialsRefused && target.Credentials is [var first, ..]
            ? AzureCommands.Save(vaults, first, $"{rest} A new version in the vault is tried at once.".TrimStart())
            : new Remedy(rest ?? $"When it is mended, POST /api/Refresh/{target.Key}.");

    private static string For(TimeSpan? wait) =>
        wait is { } known ? $" {Math.Max(1, Math.Ceiling(known.TotalSeconds)):0} s" : "";

    private static string Minutes(TimeSpan life) =>
        life < TimeSpan.FromMinutes(2) ? $"{life.TotalSeconds:0} s" : $"{Math.Floor(life.TotalMinutes):0} min";
}
