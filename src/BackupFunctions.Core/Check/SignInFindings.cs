using BackupFunctions.Connections;
using BackupFunctions.SignIn.Replies;
using BackupFunctions.Tokens;
using static BackupFunctions.Check.FindingType;

namespace BackupFunctions.Check;

/// <summary>The findings about sign-ins.</summary>
internal sealed class SignInFindings(AzureCommands commands, TimeProvider time)
{
    /// <summary>The finding for a token.</summary>
    public Finding Good(Connection target, AccessToken token, bool isNew) =>
        new(
            SignInGood,
            target.Key.ToString(),
            $"Signed in{(isNew ? "" : " less than 30 s ago")}; the token expires in "
                + $"{InWords(token.ExpiresAt - time.GetUtcNow())}."
        );

    /// <summary>The finding for a failure to get a new token.</summary>
    public Finding Of(Connection target, TokenFailure failure)
    {
        var type = TypeOf(failure);
        var finding = new Finding(type, target.Key.ToString(), Sentence(failure, type), Remedy(target, failure, type));
        return OAuthErrors.BlamesCredentials(failure) && target.Credentials is [var first, ..]
            ? commands.WithSave(finding, first)
            : finding;
    }

    private static FindingType TypeOf(TokenFailure failure) =>
        failure switch
        {
            { Kind: FailureKind.SignedOut } => SignedOut,
            { Kind: FailureKind.EnrolmentNeeded } => EnrolmentNeeded,
            { Kind: FailureKind.CredentialsRefused, WasNotTried: true } => SignInHeld,
            { NeedsOperator: true } => SignInRefused,
            { Kind: FailureKind.BackingOff } or { WasNotTried: true } => SignInBackingOff,
            _ => SignInFailed,
        };

    private static string Sentence(TokenFailure failure, FindingType type)
    {
        if (type == SignInHeld)
        {
            return $"Not retried, so that the account is not locked. Last time: {failure.Problem}";
        }

        return type == SignInRefused && failure.WasNotTried
            ? $"Not due for a retry. Last time: {failure.Problem}"
            : failure.Problem;
    }

    private static string? Remedy(Connection target, TokenFailure failure, FindingType type)
    {
        var refresh = $"POST /api/Refresh/{target.Key}";
        if (type == SignedOut)
        {
            return $"{refresh} signs it in again.";
        }

        if (type == SignInBackingOff)
        {
            return $"Wait{For(failure.RetryAfter)}, or {refresh} to retry now.";
        }

        if (OAuthErrors.BlamesCredentials(failure))
        {
            return $"{failure.Remedy} A new version in the vault is tried at once.".TrimStart();
        }

        if (failure.Remedy is not null || type == EnrolmentNeeded)
        {
            return failure.Remedy;
        }

        return type == SignInRefused
            ? $"When it is fixed, {refresh}."
            : "It is retried automatically. See under Servers, and look at the vendor's status page.";
    }

    private static string For(TimeSpan? wait) =>
        wait is { } known ? $" {Math.Max(1, Math.Ceiling(known.TotalSeconds)):0} s" : "";

    private static string InWords(TimeSpan life) =>
        life < TimeSpan.FromMinutes(2) ? $"{life.TotalSeconds:0} s" : $"{Math.Floor(life.TotalMinutes):0} min";
}
