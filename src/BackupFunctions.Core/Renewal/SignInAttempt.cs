using BackupFunctions.Credentials;
using BackupFunctions.Diagnostics;
using BackupFunctions.History;
using BackupFunctions.Ledger;
using BackupFunctions.Locking;
using BackupFunctions.Rotation;
using BackupFunctions.SignIn;
using BackupFunctions.State;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Renewal;

/// <summary>
/// One attempt to sign in: at most two tries. Refused credentials are read again from the vault and, if there is
/// another version, tried once more, so that a rotated secret is picked up without a restart. If the newest certificate
/// is refused, it may not be registered at the vendor yet: its older version is tried once.
/// </summary>
internal sealed class SignInAttempt(
    ConnectionState state,
    AttemptStart start,
    IRefreshLease? lease,
    RotationContext? rotation,
    AttemptTools tools
)
{
    private SignInContext? _context;

    /// <summary>The try made last: which credentials it used.</summary>
    public SignInContext Context => _context ?? throw new InvalidOperationException("The attempt has not begun.");

    /// <summary>What works only once; null if the vendor has nothing of the kind.</summary>
    public RotationContext? Rotation => rotation;

    /// <summary>Whether a person enrols the connection with a one-time code.</summary>
    public bool IsEnrolment => rotation?.OneTimeCode is not null;

    /// <summary>What or who has it made.</summary>
    public Cause Cause => start.Cause;

    /// <summary>The refusals met, and those reserved for the attempt.</summary>
    public AttemptRefusals Refusals => new(start.Reserved, start.Budget.Met);

    /// <summary>
    /// The newest versions of the credentials that were refused; another version has to differ from them. Null if none
    /// were.
    /// </summary>
    public string? RefusedVersion { get; private set; }

    /// <summary>
    /// Whether an older certificate was refused and the newest could not be tried any more: it may work once it may be
    /// sent.
    /// </summary>
    public bool HasUntriedCredentials { get; private set; }

    private bool IsCertificate => state.Connection.Credential.IsCertificate;

    /// <summary>Signs in.</summary>
    /// <exception cref="TokenException">The vendor, a credential or a lost lock prevented it.</exception>
    public async Task<TokenGrant> RunAsync()
    {
        // What was refused is not sent again out of a cache; nor may a code be spent on a password that has been
        // replaced; nor the only refusal that is left.
        var refusedBefore = start.Record.RefusedCredentialVersion;
        var older = IsCertificate ? await tools.OlderCertificates.FindInUseAsync(state.Connection, start.Record) : null;
        _context = Begin(newest: refusedBefore is not null || IsEnrolment || start.Record.IsAlone, older);
        RefusedVersion = older is null ? null : refusedBefore;
        SignInContext? next;
        try
        {
            return await SignInAsync();
        }
        catch (TokenException exception) when (exception.Failure.Kind == FailureKind.CredentialsRefused && !IsEnrolment)
        {
            next = start.Budget.Left > 0 ? await NextAsync(Context) : null;
            if (next is null)
            {
                HasUntriedCredentials = Context.OlderCertificate is not null;
                throw;
            }
        }

        await start.Budget.ReserveNextAsync();
        _context = next;
        return await SignInAsync();
    }

    /// <summary>
    /// The second try: with the newest credentials if others were used, otherwise with an older certificate; null if
    /// neither.
    /// </summary>
    private async Task<SignInContext?> NextAsync(SignInContext used)
    {
        if (
            used.OlderCertificate is not null
            || await tools.Gate.HaveCredentialsChangedAsync(state, used.CredentialVersion)
        )
        {
            RenewalLog.CredentialsRotated(tools.Logger, state.Connection.Key);
            return Begin(newest: true, olderCertificate: null);
        }

        var older = IsCertificate
            ? await tools.OlderCertificates.FindAsync(state.Connection, used.CredentialVersion)
            : null;
        if (older is null)
        {
            return null;
        }

        RenewalLog.OlderCertificate(
            tools.Logger,
            state.Connection.Credential.Name,
            state.Connection.Key,
            older.Version
        );
        return Begin(newest: true, older);
    }

    private async Task<TokenGrant> SignInAsync()
    {
        lease.EnsureHeld(state.Connection);
        try
        {
            return await OperationTimer.VendorCallAsync(state.Connection.Key, tools.Time, () =>
                tools.Vendor.SignInAsync(Context, CancellationToken.None)
            );
        }
        catch (TokenException exception)
            when (exception.Failure is { Kind: FailureKind.CredentialsRefused, WasNotTried: false })
        {
            start.Budget.Add();
            RefusedVersion = Context.OlderCertificate is null ? Context.CredentialVersion : RefusedVersion;
            throw;
        }
        catch (Exception exception) when (exception is not TokenException)
        {
            // Our own fault backs off like the vendor's: a loop of sign-ins could lock the account.
            RenewalLog.SignInFailed(tools.Logger, state.Connection.Key, exception);
            rotation?.DoubtRefreshToken();
            var problem = $"The sign-in of {state.Connection.Key} failed unexpectedly.";
            var failure = new TokenFailure(FailureKind.VendorReplyUnusable, problem)
            {
                Remedy = "The log has the exception.",
            };
            throw new TokenException(failure, exception);
        }
    }

    private SignInContext Begin(bool newest, Credential? olderCertificate) =>
        new(state.Connection, tools.Credentials, newest, start.Budget)
        {
            OlderCertificate = olderCertificate,
            Rotation = rotation,
        };
}

/// <summary>What every attempt uses.</summary>
internal sealed record AttemptTools(
    IVendorClient Vendor,
    ICredentialSource Credentials,
    OlderCertificates OlderCertificates,
    SignInGate Gate,
    SavedTokenReader Saved,
    TimeProvider Time,
    ILogger<SignInAttempt> Logger
);
