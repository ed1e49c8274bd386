using System.Text.Json;
using BackupFunctions.Connections;
using BackupFunctions.Ledger;
using BackupFunctions.Storage;
using BackupFunctions.Tokens;

namespace BackupFunctions.Simulation;

/// <summary>
/// What must never happen, checked at every event that could make it happen. Between two events nothing changes but the
/// time, and what time alone changes (a token's expiry) is an event of its own.
/// </summary>
internal sealed partial class Checks(World world)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>
    /// How long a lock, broken once, may have consequences: an attempt takes 40 s, and who waits for the lock 60 s.
    /// </summary>
    private static readonly TimeSpan LockAftermath = TimeSpan.FromMinutes(3);

    /// <summary>For how long an instance may go by what it knew of a connection before somebody enrolled it.</summary>
    private static readonly TimeSpan JustEnrolled = TimeSpan.FromSeconds(2);

    /// <summary>An instance that is killed so soon after a rejection may not have told anybody.</summary>
    private static readonly TimeSpan ToldWithin = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How soon the other instances have seen a rejection: half a minute, and what a call takes that is under way.
    /// </summary>
    private static readonly TimeSpan WatchedWithin = TimeSpan.FromSeconds(40);

    /// <summary>The longest wait after a failure, with the vendor's time beside it.</summary>
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromMinutes(20);

    private readonly List<(DateTimeOffset At, TimeSpan By)> _clockErrors = [];
    private readonly Dictionary<string, Grant> _grants = new(StringComparer.Ordinal);

    /// <summary>The fingerprints of what was granted.</summary>
    private readonly HashSet<string> _granted = new(StringComparer.Ordinal);
    private readonly Dictionary<(Instance, ConnectionKey), DateTimeOffset> _lockTaken = [];
    private readonly Dictionary<(Instance, ConnectionKey), DateTimeOffset> _vaultRead = [];
    private readonly HashSet<(ConnectionKey, string)> _refreshTokensOffered = [];
    private readonly Dictionary<ConnectionKey, DateTimeOffset> _operatorActed = [];

    /// <summary>The tokens that somebody reported as rejected: when first, and to whom.</summary>
    private readonly Dictionary<string, (DateTimeOffset At, Instance To)> _reportedDead = new(StringComparer.Ordinal);

    public void Violated(string what)
    {
        world.Figures.Violations++;
        world.Note($"VIOLATION {what}");
        if (world.Violations.Count < 3)
        {
            world.Violations.Add($"{world.Now:yyyy-MM-dd HH:mm:ss.fff} {what}{Environment.NewLine}{world.Lately()}");
        }
    }

    /// <summary>No secret in any log line.</summary>
    public void Logged(string text)
    {
        // Tokens begin with it where they are JWTs; secrets of the simulation with the other.
        if (
            text.Contains("eyJ", StringComparison.Ordinal)
            || text.Contains("the-secret-of-", StringComparison.Ordinal)
            || world.Accounts.Any(account =>
                account.LastRefreshToken is { } token && text.Contains(token, StringComparison.Ordinal)
            )
        )
        {
            Violated($"a secret stands in the log: {text}");
        }
    }

    public void LockTaken(Instance instance, ConnectionKey key) => _lockTaken[(instance, key)] = world.Now;

    public void VaultRead(Instance instance, ConnectionKey key) => _vaultRead[(instance, key)] = world.Now;

    public void OperatorActs(Account account) => _operatorActed[account.Key] = world.Now;

    /// <summary>
    /// A sign-in begins: under the lock, after a re-read of the vault, and not before the back-off is over.
    /// </summary>
    public void SignInBegins(Instance instance, ConnectionKey key)
    {
        var account = Of(key);
        _signInBegan[key] = world.Now;
        if (
            _lockTaken.TryGetValue((instance, key), out var taken)
            && !(_vaultRead.TryGetValue((instance, key), out var read) && read >= taken)
            && world.Locks.WasSound(key, LockAftermath)
        )
        {
            Violated($"{instance.Name} asks {key} without having read the vault again under the lock");
        }

        if (MustBeLeftAlone(account))
        {
            Violated($"{instance.Name} asks {key}, which is signed out since {account.SignedOutAt:HH:mm:ss}");
        }

        var wrongBy = MostWrongLately();
        if (
            account.BackOff.EarlyBy(world.Now) is { } early
            && early > wrongBy
            && world.Locks.WasSound(key, TimeSpan.FromMinutes(20))
            && world.Now - _operatorActed.GetValueOrDefault(key) > TimeSpan.FromMinutes(2)
        )
        {
            Violated($"{instance.Name} asks {key} {early.TotalSeconds:F0} s before the back-off is over");
        }
    }

    /// <summary>
    /// How far the clock of any instance was wrong lately: no vault has contradicted it yet, or it is wrong by less
    /// than is put right. One that is ahead ends a back-off early, and one that is behind records an early end
    /// (docs/adr/0301).
    /// </summary>
    private TimeSpan MostWrongLately()
    {
        ClockWasSet();
        return _clockErrors.Max(error => error.By);
    }

    /// <summary>Notes how wrong each instance is: the next reply may put it right.</summary>
    public void ClockWasSet()
    {
        var now = world.Now;
        _clockErrors.RemoveAll(error => error.At < now - LongestBackOff);
        _clockErrors.AddRange(
            world.Instances.All.Select(instance => (now, (instance.Time.GetUtcNow() - now).Duration()))
        );
    }

    public void SignInSucceeded(ConnectionKey key) => Of(key).BackOff.Succeeded();

    /// <summary>
    /// A sign-in has failed; a back-off follows, but for refused credentials, which the vault may have a new version
    /// of, and for a lock that was lost.
    /// </summary>
    public void SignInFailed(ConnectionKey key, TokenFailure failure)
    {
        if (!world.Locks.WasSound(key, LockAftermath))
        {
            // Who has no storage counts alone, and two counts are not added afterwards.
            Of(key).BackOff.Succeeded();
        }
        else if (
            !failure.WasNotTried
            && failure.Kind
                is FailureKind.VendorUnavailable
                    or FailureKind.VendorThrottled
                    or FailureKind.VendorReplyUnusable
        )
        {
            Of(key).BackOff.Failed(world.Now);
        }
    }

    /// <summary>A token was handed out.</summary>
    public void HandedOut(Instance instance, Account account, AccessToken token, DateTimeOffset askedAt)
    {
        if (!_grants.TryGetValue(token.Reveal(), out var grant))
        {
            Violated($"{instance.Name} handed out a token of {account.Key} that the vendor never granted");
            return;
        }

        world.Note($"{instance.Name} handed out {account.Key} token {grant.Number}");
        if (MustBeLeftAlone(account))
        {
            Violated(
                $"{instance.Name} handed out token {grant.Number} of {account.Key}, which is signed out since "
                    + $"{account.SignedOutAt:HH:mm:ss}"
            );
        }

        var vendorNow = world.Now + account.Vendor.ClockOffset;
        if (vendorNow >= grant.ExpiresAt)
        {
            if (world.Now + grant.ClockOffset >= grant.ExpiresAt)
            {
                Violated(
                    $"{instance.Name} handed out token {grant.Number} of {account.Key}, which the vendor holds for "
                        + $"expired since {(vendorNow - grant.ExpiresAt).TotalSeconds:F0} s"
                );
            }
            else
            {
                world.Figures.EndedByClock++;
            }
        }

        if (
            _reportedDead.TryGetValue(token.Fingerprint, out var reported)
            && world.Now - reported.At > WatchedWithin
            && world.Locks.WasSound(account.Key, world.Now - reported.At + WatchedWithin)
        )
        {
            Violated(
                $"{instance.Name} handed out token {grant.Number} of {account.Key}, which was reported to "
                    + $"{reported.To.Name} as rejected at {reported.At:HH:mm:ss.fff}"
            );
        }

        if (instance.Rejected.TryGetValue(token.Fingerprint, out var rejectedAt) && rejectedAt < world.Now)
        {
            Violated(
                $"{instance.Name} handed out token {grant.Number} of {account.Key}, which was reported to it as "
                    + $"rejected at {rejectedAt:HH:mm:ss.fff}; asked at {askedAt:HH:mm:ss.fff}"
            );
        }
    }

    /// <summary>A call was answered with a failure.</summary>
    public void Refused(Instance instance, Account account, TokenFailure failure, DateTimeOffset askedAt)
    {
        world.Note($"{instance.Name} refused {account.Key}: {failure.Kind}");
        if (failure.Kind == FailureKind.SignedOut && RefusedAsSignedOut(instance, account, askedAt))
        {
            return;
        }

        if (failure.Kind == FailureKind.EnrolmentNeeded && account.SignOut == SignOutState.None)
        {
            if (!account.NeedsPerson)
            {
                Violated($"{instance.Name} asks for an enrolment of {account.Key}, which can sign in by itself");
            }
            else if (
                account.Excuse is null
                && askedAt > account.EnrolledAt + JustEnrolled
                && world.Locks.WasSound(account.Key, TimeSpan.FromHours(2))
            )
            {
                Violated(
                    $"{instance.Name} asks for an enrolment of {account.Key}, "
                        + "although no answer was lost and nobody was killed"
                );
            }

            world.Operator.EnrolSoon(account);
            return;
        }

        if (account.HealedAt is { } healed && askedAt > healed)
        {
            Violated(
                $"{instance.Name} refused {account.Key} with {failure.Kind} although everything is healthy since "
                    + $"{world.Weather.CalmSince:HH:mm:ss}: {failure.Detail}"
            );
        }
    }

    public LedgerEntry LedgerOf(Account account) =>
        world.Storage.Find($"{account.Key}.json") is { } body
            ? StoredEntry.Read(body.ToMemory(), world.Now).Entry
            : LedgerEntry.Empty;

    private Account Of(ConnectionKey key) => world.Accounts.Single(account => account.Key == key);

    private static JsonElement? Parsed(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Grant(int Number, DateTimeOffset ExpiresAt, TimeSpan ClockOffset, string? RefreshToken);
}
