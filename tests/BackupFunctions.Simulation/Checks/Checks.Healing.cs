using BackupFunctions.Broker;
using BackupFunctions.Ledger;
using BackupFunctions.Tokens;

namespace BackupFunctions.Simulation;

/// <summary>
/// That everything heals by itself: once all is healthy, each account has a usable token within one tick, unless a
/// back-off or a hold of the contract has to run out first; and from then on every call succeeds.
/// </summary>
internal sealed partial class Checks
{
    /// <summary>A tick, then at most 60 s for the lock and 40 s for the attempts, and some for the vault.</summary>
    private static readonly TimeSpan OneTick = Traffic.Tick + TimeSpan.FromSeconds(130);

    /// <summary>
    /// The longest back-off or hold is an hour; an attempt that was under way when the storm ended may start one.
    /// </summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(62) + OneTick;

    public void HealthChanged()
    {
        foreach (var account in world.Accounts)
        {
            HealthChanged(account);
        }
    }

    public void HealthChanged(Account account)
    {
        account.HealedAt = null;
        Observe(account);
    }

    /// <summary>The storm is over.</summary>
    public void ExpectHealing()
    {
        var storm = world.Weather.Storms;
        foreach (var account in world.Accounts)
        {
            var from = account.HealthyFrom > world.Now ? account.HealthyFrom : world.Now;
            world.Timeline.At(from, () => Observe(account));

            // Somebody notices if the token that is there is dead.
            world.Timeline.At(from + TimeSpan.FromSeconds(45), () => CallAll(account, storm));
            world.Timeline.At(from + OneTick, () => ExpectHealed(account, storm, from));
        }
    }

    /// <summary>Somebody reported a token as rejected.</summary>
    public void ReportedDead(Instance instance, Account account, string fingerprint)
    {
        if (_granted.Contains(fingerprint))
        {
            _reportedDead.TryAdd(fingerprint, (world.Now, instance));
            world.Weather.LookSoon();
        }

        if (account.VaultToken is { } token && Fingerprint.Of(token) == fingerprint && !account.Vendor.IsLive(token))
        {
            account.IsVaultTokenKnownDead = true;
            Observe(account);
        }
    }

    private void TokenChanged(Account account)
    {
        Observe(account);
        if (account.VaultToken is { } token && _grants.TryGetValue(token, out var grant))
        {
            world.Timeline.At(grant.ExpiresAt - account.Vendor.ClockOffset, () => Observe(account));
        }
    }

    private bool IsUsable(Account account) =>
        account is { VaultToken: { } token, IsVaultTokenKnownDead: false }
        && _grants.TryGetValue(token, out var grant)
        && world.Now + account.Vendor.ClockOffset < grant.ExpiresAt;

    private bool IsHealthy(Account account) =>
        !world.Weather.IsStormy
        && world.Now >= account.HealthyFrom
        && !account.IsEnrolmentAwaited
        && account.SignOut == SignOutState.None;

    /// <summary>Measures how long there is no usable token although all is healthy.</summary>
    private void Observe(Account account)
    {
        if (IsHealthy(account) && !IsUsable(account))
        {
            account.WithoutTokenSince ??= world.Now;
            return;
        }

        if (account.WithoutTokenSince is { } since)
        {
            var lasted = (world.Now - since).TotalSeconds;
            world.Note($"{account.Key} was without a token for {lasted:F1} s");
            world.Figures.LongestWithoutTokenSeconds = Math.Max(world.Figures.LongestWithoutTokenSeconds, lasted);
        }

        account.WithoutTokenSince = null;
    }

    private void CallAll(Account account, int storm)
    {
        if (storm == world.Weather.Storms)
        {
            foreach (var instance in world.Instances.Ready)
            {
                world.Traffic.Call(instance, account, new TokenRequest());
            }
        }
    }

    /// <summary>
    /// Calls every instance: all must have a token for the caller. One that the vendor ended early, because its clock
    /// was set, takes one call more, which reports it: nobody else can know.
    /// </summary>
    private void ExpectHealed(Account account, int storm, DateTimeOffset since)
    {
        var (left, failed, held) = (world.Instances.Ready.Count(), (TokenFailure?)null, HeldUntil(LedgerOf(account)));
        foreach (var instance in world.Instances.Ready)
        {
            world.Traffic.Call(instance, account, new TokenRequest(), callsLeft: 1, (live, failure) =>
            {
                failed = failure
                    ?? (
                        live
                            ? failed
                            : new TokenFailure(
                                FailureKind.VendorReplyUnusable,
                                "It was handed out, and the vendor does not take it."
                            )
                    );
                if (--left == 0 && storm == world.Weather.Storms && !world.Weather.IsStormy)
                {
                    Judge(account, storm, since, failed, held);
                }
            });
        }
    }

    /// <summary>Decides what the answers of all instances say.</summary>
    /// <param name="account">The account.</param>
    /// <param name="storm">How many storms there had been.</param>
    /// <param name="since">Since when everything is healthy.</param>
    /// <param name="failed">Why one of them has no token; null if all have.</param>
    /// <param name="heldWhenCalled">
    /// Until when it was to wait when they were called: one may end that before the last has answered.
    /// </param>
    private void Judge(
        Account account,
        int storm,
        DateTimeOffset since,
        TokenFailure? failed,
        DateTimeOffset heldWhenCalled
    )
    {
        if (account.SignOut != SignOutState.None)
        {
            // Who signs it in again has it looked at.
            return;
        }

        if (account.IsEnrolmentAwaited)
        {
            world.In(OneTick, null, () => ExpectHealed(account, storm, world.Now));
            return;
        }

        if (failed?.Kind == FailureKind.EnrolmentNeeded && account.EnrolledAt >= since)
        {
            // It was enrolled while the others of these calls were under way.
            world.In(OneTick, null, () => ExpectHealed(account, storm, world.Now));
            return;
        }

        var holdNow = HeldUntil(LedgerOf(account));
        var held = failed is not null && heldWhenCalled > holdNow ? heldWhenCalled : holdNow;
        var due = held + OneTick;
        if (failed is null && held <= world.Now)
        {
            world.Note($"{account.Key} is well");
            account.HealedAt = world.Now;
            return;
        }

        if (failed is null || (due > world.Now && due - since <= Longest))
        {
            // With a token or without one: it is not over before the last hold is.
            world.Figures.LateByBackOff += failed is null ? 0 : 1;
            world.Timeline.At(due, () => ExpectHealed(account, storm, since));
            return;
        }

        Violated(
            $"{account.Key} has no usable token {(world.Now - since).TotalSeconds:F0} s after everything was healthy "
                + $"again: {failed.Kind}: {failed.Detail}"
        );
    }

    /// <summary>
    /// Until when the contract lets an account wait: a back-off, a vendor's Retry-After, a hold after refusals.
    /// </summary>
    private DateTimeOffset HeldUntil(LedgerEntry entry) =>
        new[] { entry.NextAttempt, LeftAloneUntil(entry) }.Max() ?? DateTimeOffset.MinValue;

    /// <summary>
    /// Three refusals within an hour leave an account alone. Two may, where an older certificate is in use that the
    /// vendor has dropped: that takes the third before the newest is sent.
    /// </summary>
    private DateTimeOffset? LeftAloneUntil(LedgerEntry entry)
    {
        var most = entry is { LastFailure: null, RefusedCredentialVersion: not null } ? 2 : 3;
        var lately = entry.Refusals.Where(at => at > world.Now - Hour).Order().ToList();
        return lately.Count >= most ? lately[^most] + Hour : null;
    }
}
