using BackupFunctions.Credentials;
using BackupFunctions.Diagnostics;
using BackupFunctions.SignIn;
using BackupFunctions.State;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Renewal;

/// <summary>
/// One attempt to sign in. Refused credentials are read anew from the vault, and if they are other ones, tried once more:
/// a rotated secret is picked up without a restart. A certificate that is refused although it is the newest may not be registered
/// at the vendor yet: then its older version is tried once.
/// </summary>
internal sealed class SignInAttempt(
    ConnectionState session,
    RefreshToken? refreshToken,
    TokenRequirement goal,
    AttemptAllowance allowance,
    IRefreshLease? lease,
    ICredentialSource credentials,
    OlderCertificates older,
    SignInGate gate,
    AttemptRecord record,
    TimeProvider time,
    ILogger logger
)
{
    /// <summary>The sign-in that was made last; it knows which credentials were used and which refresh token may be spent.</summary>
    public SignInContext Last { get; private set; } = null!;

    /// <summary>How often the vendor refused credentials.</summary>
    public int Refusals { get; private set; }

    /// <summary>Whether a person enrols the connection with a one-time code.</summary>
    public bool IsEnrolment => goal.OneTimeCode is not null;

    /// <summary>Whether an operator asked for it.</summary>
    public bool IsByOperator => goal.OverridesBackOff;

    /// <summary>When something was counted as a refusal before it was known whether it would be one: in the end this gives way to what it was.</summary>
    public List<DateTimeOffset> CountedAhead { get; } = [.. allowance.CountedAt is { } at ? new[] { at } : []];

    /// <summary>
    /// The versions of the credentials that another version has to differ from to be news: the newest ones that were refused. Null
    /// if none were.
    /// </summary>
    public string? RefusedVersion { get; private set; }

    /// <summary>
    /// Whether an older certificate was refused when that was one refusal too many to try the newest as well: it may work, as soon as it
    /// may be sent.
    /// </summary>
    public bool IsNewestUntried { get; private set; }

    /// <summary>The fingerprint of the refresh token that what was granted takes the place of; null if there was none.</summary>
    public string? SpentRefreshToken => refreshToken?.Fingerprint;

    /// <summary>Signs in.</summary>
    /// <exception cref="TokenException">The vendor, a credential or a lost lock stood in the way.</exception>
    public async Task<TokenGrant> RunAsync()
    {
        // What was refused is not sent again out of a cache; nor may a code be spent on a password that has been replaced.
        var mustBeNewest = allowance.Entry.RefusedCredentialVersion is not null || IsEnrolment;
        Last = Begin(
            refreshToken,
            allowance.Entry.DoubtfulRefreshToken,
            newest: mustBeNewest,
            await older.FindInUseAsync(session, allowance.Entry)
        );
        RefusedVersion = Last.Instead is null ? null : allowance.Entry.RefusedCredentialVersion;
        SignInContext? next;
        try
        {
            return await SignInAsync();
        }
        catch (TokenException exception) when (exception.Failure.Kind == FailureKind.CredentialsRefused && !IsEnrolment)
        {
            next = Refusals < allowance.RefusalsLeft ? await AfterRefusalAsync() : null;
            if (next is null)
            {
                IsNewestUntried = Last.Instead is not null;
                throw;
            }
        }

        await record.CountAheadAsync(session, this, Refusals + 1);
        Last = next;
        return await SignInAsync();
    }

    /// <summary>What to try once more with: the newest credentials if others were used, else an older certificate; null if there is neither.</summary>
    private async Task<SignInContext?> AfterRefusalAsync()
    {
        var used = Last;
        if (used.Instead is not null || await gate.HaveCredentialsChangedAsync(session, used.CredentialVersion))
        {
            TokenLog.CredentialsRotated(logger, session.Connection.Key);
            return Begin(
                used.IsRefreshTokenDoubtful ? refreshToken : null,
                used.DoubtfulRefreshToken,
                newest: true,
                instead: null
            );
        }

        if (await older.FindAsync(session, used.CredentialVersion) is not { } instead)
        {
            return null;
        }

        TokenLog.OlderCertificate(logger, instead.Name.Name, session.Connection.Key, instead.Version.Version);
        return Begin(refreshToken: null, used.DoubtfulRefreshToken, newest: true, instead);
    }

    private async Task<TokenGrant> SignInAsync()
    {
        Last.EnsureStillMine();
        try
        {
            return await OperationTimer.VendorCallAsync(session.Connection.Key, time, () =>
                session.Vendor.SignInAsync(Last, CancellationToken.None)
            );
        }
        catch (TokenException exception)
            when (exception.Failure is { Kind: FailureKind.CredentialsRefused, WasNotTried: false })
        {
            Last.NoteLastRefusal();
            RefusedVersion = Last.Instead is null ? Last.CredentialVersion : RefusedVersion;
            throw;
        }
        catch (Exception exception) when (exception is not TokenException)
        {
            // A fault of ours backs off like a failure of the vendor's: a loop of sign-ins could lock the account.
            TokenLog.SignInBroke(logger, session.Connection.Key, exception);
            Last.DoubtfulRefreshToken = Last.RefreshToken?.Fingerprint ?? Last.DoubtfulRefreshToken;
            throw new TokenException(
                new TokenFailure(
                    FailureKind.VendorReplyUnusable,
                    $"The sign-in of {session.Connection.Key} broke off unexpectedly; the log has the exception."
                ),
                exception
            );
        }
        finally
        {
            Refusals += Last.Refusals;
        }
    }

    private SignInContext Begin(
        RefreshToken? refreshToken,
        string? doubtful,
        bool newest,
        (CredentialName Name, Credential Version)? instead
    ) =>
        new(session.Connection, credentials, newest)
        {
            Instead = instead,
            RefreshToken = refreshToken,
            OneTimeCode = goal.OneTimeCode,
            DoubtfulRefreshToken = doubtful,
            EnsureStillMine = () => lease.EnsureHeld(session),
            EnsureMayBeRefused = EnsureMayBeRefused,
            RefusalsLeft = allowance.RefusalsLeft - Refusals,
            CountAheadAsync = () => record.CountAheadAsync(session, this, Refusals + Last!.Refusals + 1),
            UnpairedRefreshToken = Last?.UnpairedRefreshToken,
            Unanswered = Last?.Unanswered,
            OneTimeCodeStep = allowance.Entry.OneTimeCodeStep,
            UseOneTimeCodeStepAsync = step => record.RecordOneTimeCodeStepAsync(session, step),
        };

    private void EnsureMayBeRefused()
    {
        var now = time.GetUtcNow();
        if (allowance.RefusalsLeft <= Refusals && allowance.Entry.LeftAloneUntil(now) is { } until)
        {
            // On record like a failure of the vendor's, so that a dead refresh token is not sent again and again meanwhile.
            throw new TokenException(
                SkippedAttempts.TooManyRefusals(session, until - now).Failure with
                {
                    WasNotTried = false,
                }
            );
        }
    }
}
