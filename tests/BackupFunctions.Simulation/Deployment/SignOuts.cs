using BackupFunctions.Tokens;

namespace BackupFunctions.Simulation;

/// <summary>
/// A customer goes, and comes back: an operator signs an account out, and in again some hours later. Operators ask
/// again until they have an answer.
/// </summary>
internal sealed class SignOuts(World world)
{
    private static readonly TimeSpan BetweenThem = TimeSpan.FromDays(5);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly HashSet<Account> _refused = [];

    public void Begin()
    {
        foreach (var account in world.Accounts)
        {
            Plan(account);
        }
    }

    private void Plan(Account account) => world.In(world.Chance.Until(BetweenThem), null, () => SignOut(account));

    private void SignOut(Account account)
    {
        if (account.IsEnrolmentAwaited || world.Instances.Any() is not { } instance)
        {
            Plan(account);
            return;
        }

        account.SignOut = SignOutState.Begun;
        world.Checks.HealthChanged(account);
        Ask(instance, account, world.Now);
    }

    private void Ask(Instance instance, Account account, DateTimeOffset since)
    {
        _refused.Remove(account);
        instance.Run(() => SignOutAsync(instance, account));
        AwaitAnswer(instance, account, since);
    }

    private void AwaitAnswer(Instance asked, Account account, DateTimeOffset since) => world.In(Patience, null, () =>
        {
            if (account.SignOut == SignOutState.Begun)
            {
                world.Checks.ExpectNoLongWait(account, since, "is not signed out");
                if ((!asked.IsAlive || _refused.Contains(account)) && world.Instances.Any() is { } other)
                {
                    Ask(other, account, since);
                }
                else
                {
                    AwaitAnswer(asked, account, since);
                }
            }
        });

    private async Task SignOutAsync(Instance instance, Account account)
    {
        try
        {
            await instance.Broker.SignOutAsync(account.Connection, CancellationToken.None);
        }
        catch (TokenException exception) when (exception.Failure.Kind == FailureKind.BackingOff)
        {
            // Storage has not confirmed it: the operator asks again.
            world.Note($"{account.Key} not signed out: {exception.Failure.Kind}");
            _refused.Add(account);
            return;
        }
        catch (TokenException exception)
        {
            // It is signed out; only a vault has not let go of its tokens.
            world.Note($"{account.Key} signed out in part: {exception.Failure.Kind}");
        }

        if (account.SignOut == SignOutState.Begun)
        {
            (account.SignOut, account.SignedOutAt) = (SignOutState.Done, world.Now);
            world.Note($"{account.Key} signed out");
            world.Figures.SignOuts++;
            world.Weather.LookSoon();
            world.In(world.Chance.Between(TimeSpan.FromMinutes(5), TimeSpan.FromHours(6)), null, () =>
                SignIn(account, world.Now)
            );
        }
    }

    /// <summary>It is signed out after all.</summary>
    public void SignInAgain(Account account)
    {
        (account.SignOut, account.SignedOutAt) = (SignOutState.Done, world.Now);
        SignIn(account, world.Now);
    }

    private void SignIn(Account account, DateTimeOffset since)
    {
        if (account.SignOut != SignOutState.Done)
        {
            Plan(account);
            return;
        }

        if (account.NeedsPerson)
        {
            world.Operator.EnrolSoon(account);
        }
        else if (!world.Weather.IsStormy && world.Now >= account.HealthyFrom && world.Instances.Any() is { } instance)
        {
            world.Checks.ExpectNoLongWait(account, since, "is not signed in again");
            instance.Run(() => SignInAsync(instance, account));
        }

        world.In(Patience, null, () => SignIn(account, since));
    }

    private async Task SignInAsync(Instance instance, Account account)
    {
        world.Checks.OperatorActs(account);
        try
        {
            await instance.Broker.RefreshNowAsync(account.Connection, CancellationToken.None);
            world.Checks.SignedInAgain(account, instance);
        }
        catch (TokenException exception)
        {
            world.Note($"{account.Key} not signed in again: {exception.Failure.Kind}");
        }
    }
}
