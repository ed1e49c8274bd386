using System.Collections.Concurrent;
using BackupFunctions.Connections;
using BackupFunctions.Rotation;
using BackupFunctions.SignIn;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;
using Microsoft.Extensions.Time.Testing;

namespace BackupFunctions.Core.Tests.Fakes;

/// <summary>
/// A vendor that grants what it is asked for, unless its script says otherwise. With refresh tokens each of them works
/// once; a dead or doubtful one falls back to the password, as the real one does.
/// </summary>
internal sealed class FakeVendor(FakeTimeProvider time, bool rotatesRefreshTokens = false) : IVendorClient
{
    public const string VendorName = "fake";

    private readonly ConcurrentQueue<Func<Task>> _script = new();
    private readonly ConcurrentQueue<Func<Task>> _tenantScript = new();
    private readonly ConcurrentDictionary<string, bool> _liveRefreshTokens = new();
    private readonly ConcurrentQueue<string> _grantedRefreshTokens = new();
    private readonly ConcurrentQueue<string> _spent = new();
    private readonly ConcurrentQueue<string> _signedIn = new();
    private readonly ConcurrentQueue<string> _usedVersions = new();
    private int _tokens;
    private int _calls;
    private int _tenantCalls;
    private int _atOnce;

    public VendorProfile Profile { get; } =
        new()
        {
            Name = VendorName,
            DisplayName = "Fake",
            SettingsName = "Fake",
            HasOwnTimer = true,
            Server = new UrlSetting("Server", "the server's URL"),
            Flow = rotatesRefreshTokens
                ? new PasswordFlow
                {
                    UsernameDescription = "a name",
                    OneTimeCodeGrant = "mfa",
                    RefreshTokenLifetime = TimeSpan.FromDays(14),
                }
                : new ClientCredentialsFlow
                {
                    Authentication = ClientAuthentication.Body,
                    ClientIdDescription = "an id",
                    TenantScope = "tenant:",
                },
        };

    /// <summary>The one-time code that is accepted; every other is refused.</summary>
    public string? AcceptedCode { get; set; }

    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Ends a session; null where the vendor has no way to.</summary>
    public Func<AccessToken?, RefreshToken?, Task>? EndsSession { get; set; }

    /// <summary>The life of a tenant's token, should it be shorter than its base token's.</summary>
    public TimeSpan TenantLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How much time passes while a call is answered.</summary>
    public TimeSpan Takes { get; set; }

    /// <summary>What every call fails with that no script covers; null if none does.</summary>
    public TokenFailure? Outage { get; set; }

    /// <summary>The versions of the secret that are refused.</summary>
    public HashSet<string> RefusedVersions { get; } = [];

    /// <summary>
    /// Whether a further credential, which is found out to be unusable only after the secret was sent, is missing.
    /// </summary>
    public bool MissesSecondCredential { get; set; }

    /// <summary>Runs when a sign-in begins, before anything is sent.</summary>
    public Action<SignInContext>? BeforeSignIn { get; set; }

    /// <summary>Whether the password alone does not do.</summary>
    public bool AsksForEnrolment { get; set; }

    /// <summary>Whether a spent refresh token is never answered.</summary>
    public bool LosesRefreshReplies { get; set; }

    /// <summary>Runs when a refresh token was spent and its reply is lost; signing in afresh follows.</summary>
    public Action? OnLostReply { get; set; }

    /// <summary>Runs before the password is sent, after a refresh token did not do.</summary>
    public Action? BeforePassword { get; set; }

    /// <summary>Runs before a refused version of the secret is answered.</summary>
    public Action? BeforeRefusal { get; set; }

    /// <summary>Runs before a grant is answered.</summary>
    public Action? BeforeGrant { get; set; }

    /// <summary>The token that is granted again and again; null for a new one each time.</summary>
    public string? AlwaysGrants { get; set; }

    public int Calls => Volatile.Read(ref _calls);

    public int TenantCalls => Volatile.Read(ref _tenantCalls);

    /// <summary>Whether someone could have cancelled a call.</summary>
    public bool WasCancellable { get; private set; }

    /// <summary>The most calls of one kind or another that were under way at the same time.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>The fingerprints of the refresh tokens that were sent, in order.</summary>
    public IReadOnlyCollection<string> Spent => _spent;

    /// <summary>The connections that were signed in, in order.</summary>
    public IReadOnlyCollection<string> SignedIn => _signedIn;

    /// <summary>The versions of the secret that were sent, in order.</summary>
    public IReadOnlyCollection<string> UsedVersions => _usedVersions;

    /// <summary>Which of the refresh tokens that were granted this is, from 1; 0 if none.</summary>
    public int NumberOf(string fingerprint) => _grantedRefreshTokens.ToList().IndexOf(fingerprint) + 1;

    /// <summary>A refresh token that was granted in another life works.</summary>
    public void Knows(string refreshToken) => _liveRefreshTokens[Fingerprint.Of(refreshToken)] = true;

    /// <summary>Every refresh token is dead.</summary>
    public void ForgetRefreshTokens() => _liveRefreshTokens.Clear();

    /// <summary>The next call fails.</summary>
    public void FailsOnce(FailureKind kind, TimeSpan? retryAfter = null) =>
        _script.Enqueue(() => throw new TokenException(Failure(kind) with { RetryAfter = retryAfter }));

    /// <summary>The next call ends in an exception that no vendor should throw.</summary>
    public void BreaksOnce(Exception exception) => _script.Enqueue(() => throw exception);

    /// <summary>The next call is not the one that the rest of the script is about.</summary>
    public void PassesOnce() => _script.Enqueue(static () => Task.CompletedTask);

    /// <summary>The next call waits for the test.</summary>
    public HeldCall HoldsOnce() => Held(_script);

    /// <summary>The next call for a tenant fails.</summary>
    public void FailsTenantOnce(FailureKind kind, TimeSpan? retryAfter = null) =>
        _tenantScript.Enqueue(() => throw new TokenException(Failure(kind) with { RetryAfter = retryAfter }));

    /// <summary>The next call for a tenant waits for the test.</summary>
    public HeldCall HoldsTenantOnce() => Held(_tenantScript);

    public async Task<TokenGrant> SignInAsync(SignInContext signIn, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        WasCancellable |= cancellationToken.CanBeCanceled;
        _signedIn.Enqueue(signIn.Connection.Key.Connection);
        using var call = Enter();
        BeforeSignIn?.Invoke(signIn);
        var sentAt = time.GetUtcNow();
        await PlayAsync(_script, cancellationToken);
        if (signIn.Rotation?.OneTimeCode is { } code)
        {
            await signIn.GetAsync(signIn.Connection.Credential, cancellationToken);
            signIn.Rotation.EnsureLockHeld();
            return code.Reveal() == AcceptedCode
                ? Grant(sentAt)
                : throw new TokenException(Failure(FailureKind.CredentialsRefused));
        }

        if (signIn.Rotation is { } rotation)
        {
            if (
                rotation.RefreshToken is { } refreshToken
                && !rotation.IsRefreshTokenDoubtful
                && await SpendAsync(rotation, refreshToken)
            )
            {
                return Grant(sentAt);
            }

            BeforePassword?.Invoke();
            rotation.EnsurePasswordAllowed();
        }

        var credential = await signIn.GetAsync(signIn.Connection.Credential, cancellationToken);
        signIn.Rotation?.EnsureLockHeld();
        _usedVersions.Enqueue(credential.Version);
        if (RefusedVersions.Contains(credential.Version))
        {
            BeforeRefusal?.Invoke();
            throw new TokenException(Failure(FailureKind.CredentialsRefused));
        }

        if (MissesSecondCredential)
        {
            throw new TokenException(Failure(FailureKind.CredentialMissing) with { MayHaveReachedVendor = true });
        }

        return AsksForEnrolment ? throw new TokenException(Failure(FailureKind.EnrolmentNeeded)) : Grant(sentAt);
    }

    public async Task<bool> EndSessionAsync(
        SignInContext signIn,
        AccessToken? token,
        CancellationToken cancellationToken
    )
    {
        if (EndsSession is not { } end)
        {
            return false;
        }

        using var call = Enter();
        await end(token, signIn.Rotation?.RefreshToken);
        await (signIn.Rotation?.BuryRefreshTokenAsync() ?? ValueTask.CompletedTask);
        return true;
    }

    public async Task<AccessToken> GetTenantTokenAsync(
        Connection connection,
        AccessToken baseToken,
        Guid tenant,
        CancellationToken cancellationToken
    )
    {
        Interlocked.Increment(ref _tenantCalls);
        WasCancellable |= cancellationToken.CanBeCanceled;
        var sentAt = time.GetUtcNow();
        using var call = Enter();
        await PlayAsync(_tenantScript, cancellationToken);
        var expiresAt = sentAt + TenantLifetime;
        return new AccessToken(
            NewValue("tenant-token"),
            null,
            sentAt,
            expiresAt < baseToken.ExpiresAt ? expiresAt : baseToken.ExpiresAt
        );
    }

    private static TokenFailure Failure(FailureKind kind) => new(kind, $"The fake vendor says {kind}.");

    private static HeldCall Held(ConcurrentQueue<Func<Task>> script)
    {
        var held = new HeldCall();
        script.Enqueue(held.EnterAsync);
        return held;
    }

    /// <summary>Like a connection, it breaks when whoever may cancel the call does.</summary>
    private async Task PlayAsync(ConcurrentQueue<Func<Task>> script, CancellationToken cancellationToken)
    {
        time.Advance(Takes);
        if (script.TryDequeue(out var step))
        {
            await step().WaitAsync(cancellationToken);
        }
        else if (Outage is { } outage)
        {
            throw new TokenException(outage);
        }
    }

    private async Task<bool> SpendAsync(RotationContext rotation, RefreshToken refreshToken)
    {
        rotation.EnsureLockHeld();
        _spent.Enqueue(refreshToken.Fingerprint);
        var wasAlive = _liveRefreshTokens.TryRemove(refreshToken.Fingerprint, out _);
        if (LosesRefreshReplies)
        {
            rotation.DoubtRefreshToken();
            if (OnLostReply is { } onLostReply)
            {
                onLostReply();
                return false;
            }

            throw new TokenException(Failure(FailureKind.VendorUnavailable) with { MayHaveReachedVendor = true });
        }

        if (!wasAlive)
        {
            await rotation.BuryRefreshTokenAsync();
        }

        return wasAlive;
    }

    private TokenGrant Grant(DateTimeOffset sentAt)
    {
        BeforeGrant?.Invoke();
        var token = new AccessToken(AlwaysGrants ?? NewValue("access-token"), "backup", sentAt, sentAt + Lifetime);
        if (!rotatesRefreshTokens)
        {
            return new TokenGrant(token);
        }

        var refreshToken = new RefreshToken(NewValue("refresh-token"), sentAt, sentAt + TimeSpan.FromDays(14));
        _liveRefreshTokens[refreshToken.Fingerprint] = true;
        _grantedRefreshTokens.Enqueue(refreshToken.Fingerprint);
        return new TokenGrant(token, refreshToken);
    }

    private string NewValue(string kind) => SuiteLog.Guard($"fake-{kind}-{Interlocked.Increment(ref _tokens):D8}");

    private Call Enter()
    {
        lock (_script)
        {
            MostAtOnce = Math.Max(MostAtOnce, ++_atOnce);
        }

        return new Call(this);
    }

    private sealed class Call(FakeVendor vendor) : IDisposable
    {
        public void Dispose()
        {
            lock (vendor._script)
            {
                vendor._atOnce--;
            }
        }
    }
}
