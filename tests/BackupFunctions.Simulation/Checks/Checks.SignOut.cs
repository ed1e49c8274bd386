namespace BackupFunctions.Simulation;

/// <summary>A connection that is signed out is left alone by all instances within a minute, until somebody signs it in.</summary>
internal sealed partial class Checks
{
    private static readonly TimeSpan SignedOutWithin = TimeSpan.FromMinutes(1);

    /// <summary>Somebody has signed the account in again.</summary>
    public void SignedInAgain(Account account)
    {
        if (account.SignOut != SignOutState.None)
        {
            (account.SignOut, account.SignedInAgainAt) = (SignOutState.None, world.Now);
            world.Note($"{account.Key} is signed in again");
            HealthChanged(account);
            world.In(OneTick, null, () => ExpectHealed(account, world.Weather.Storms, world.Now));
        }
    }

    private bool MustBeLeftAlone(Account account) =>
        account.SignOut == SignOutState.Done && world.Now - account.SignedOutAt > SignedOutWithin
        && world.Now - _operatorActed.GetValueOrDefault(account.Key) > TimeSpan.FromMinutes(2)
        && world.Locks.WasSound(account.Key, world.Now - account.SignedOutAt + SignedOutWithin);
}
