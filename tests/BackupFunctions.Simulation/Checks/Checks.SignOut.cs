namespace BackupFunctions.Simulation;

/// <summary>
/// A connection that is signed out is left alone by all instances within a minute, until somebody signs it in.
/// </summary>
internal sealed partial class Checks
{
    private static readonly TimeSpan SignedOutWithin = TimeSpan.FromMinutes(1);

    /// <summary>Somebody has signed the account in again.</summary>
    public void SignedInAgain(Account account, Instance by)
    {
        if (account.SignOut != SignOutState.None)
        {
            (account.SignedInBy, account.WasSignInRecorded) = (by, world.Locks.WasSound(account.Key, LockAftermath));
            world.In(LockAftermath, null, () =>
                account.WasSignInRecorded &= world.Locks.WasSound(account.Key, LockAftermath)
            );
            world.Weather.LookSoon();
            (account.SignOut, account.SignedInAgainAt) = (SignOutState.None, world.Now);
            world.Note($"{account.Key} is signed in again");
            HealthChanged(account);
            world.In(OneTick, null, () => ExpectHealed(account, world.Weather.Storms, world.Now));
        }
    }

    /// <summary>A person waits for something that must not take long once everything is healthy.</summary>
    /// <param name="account">Whose it is.</param>
    /// <param name="since">Since when.</param>
    /// <param name="what">What is not over yet.</param>
    public void ExpectNoLongWait(Account account, DateTimeOffset since, string what)
    {
        var healthySince = new[] { since, world.Weather.CalmSince, account.HealthyFrom }.Max();
        if (!world.Weather.IsStormy && world.Now - healthySince > Longest)
        {
            Violated(
                $"{account.Key} {what} since {since:yyyy-MM-dd HH:mm:ss}, "
                    + $"although everything is healthy since {healthySince:HH:mm:ss}"
            );
        }
    }

    /// <summary>A caller was told that the account is signed out.</summary>
    /// <returns>Whether that may be.</returns>
    private bool RefusedAsSignedOut(Instance instance, Account account, DateTimeOffset askedAt)
    {
        if (account.SignOut != SignOutState.None || askedAt <= account.SignedInAgainAt + SignedOutWithin)
        {
            return true;
        }

        var mayNotBeOnRecord =
            account.SignedInBy is { } by
            && (!account.WasSignInRecorded || by.DiedAt <= account.SignedInAgainAt + SignedOutWithin);
        var isJustSignedIn = world.Now - account.SignedInAgainAt <= LockAftermath;
        if ((mayNotBeOnRecord || isJustSignedIn) && !world.Locks.WasSound(account.Key, LockAftermath))
        {
            // It may not have learned that the account is signed in.
            return false;
        }

        if (!mayNotBeOnRecord || LedgerOf(account).SignedOutAt is null)
        {
            Violated(
                account.SignedInBy is null
                    ? $"{instance.Name} takes {account.Key} for signed out, which nobody ever signed out"
                    : $"{instance.Name} takes {account.Key} for signed out, which is signed in since "
                        + $"{account.SignedInAgainAt:HH:mm:ss}"
            );
        }

        // Whoever signed it in sees that it did not last, and does it again.
        world.SignOuts.SignInAgain(account);
        return true;
    }

    private bool MustBeLeftAlone(Account account) =>
        account.SignOut == SignOutState.Done
        && world.Now - account.SignedOutAt > SignedOutWithin
        && world.Now - _operatorActed.GetValueOrDefault(account.Key) > TimeSpan.FromMinutes(2)
        && world.Locks.WasSound(account.Key, world.Now - account.SignedOutAt + SignedOutWithin);
}
