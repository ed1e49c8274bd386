namespace BackupFunctions.Simulation;

/// <summary>A connection that is signed out is left alone by all instances within a minute, until somebody signs it in.</summary>
internal sealed partial class Checks
{
    private static readonly TimeSpan SignedOutWithin = TimeSpan.FromMinutes(1);

    /// <summary>Somebody has signed the account in again.</summary>
    public void SignedInAgain(Account account, Instance by)
    {
        if (account.SignOut != SignOutState.None)
        {
            account.SignedInBy = by;
            world.Weather.LookSoon();
            (account.SignOut, account.SignedInAgainAt) = (SignOutState.None, world.Now);
            world.Note($"{account.Key} is signed in again");
            HealthChanged(account);
            world.In(OneTick, null, () => ExpectHealed(account, world.Weather.Storms, world.Now));
        }
    }

    private void RefusedAsSignedOut(Instance instance, Account account, DateTimeOffset askedAt)
    {
        if (account.SignOut != SignOutState.None || askedAt <= account.SignedInAgainAt + SignedOutWithin
            || !world.Locks.WasSound(account.Key, world.Now - account.SignedInAgainAt + SignedOutWithin))
        {
            return;
        }

        if (LedgerOf(account).SignedOutAt is null || account.SignedInBy!.IsAlive)
        {
            Violated($"{instance.Name} takes {account.Key} for signed out, which is signed in since {account.SignedInAgainAt:HH:mm:ss}");
        }

        // Killed before it could put that on record: whoever signed it in sees that it did not last, and does it again.
        world.SignOuts.SignInAgain(account);
    }

    private bool MustBeLeftAlone(Account account) =>
        account.SignOut == SignOutState.Done && world.Now - account.SignedOutAt > SignedOutWithin
        && world.Now - _operatorActed.GetValueOrDefault(account.Key) > TimeSpan.FromMinutes(2)
        && world.Locks.WasSound(account.Key, world.Now - account.SignedOutAt + SignedOutWithin);
}
