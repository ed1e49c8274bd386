using BackupFunctions.Tokens;
using OtpNet;

namespace BackupFunctions.Simulation;

/// <summary>
/// The person who enrols an account without a TOTP secret: gives the service the code that the authenticator app shows.
/// </summary>
internal sealed class Operator(World world)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public void EnrolSoon(Account account)
    {
        if (!account.IsEnrolmentAwaited)
        {
            account.IsEnrolmentAwaited = true;
            world.In(world.Chance.Between(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10)), null, () =>
                Enrol(account, world.Now)
            );
        }
    }

    private void Enrol(Account account, DateTimeOffset since)
    {
        if (!account.IsEnrolmentAwaited)
        {
            return;
        }

        if (world.Weather.IsStormy || world.Now < account.HealthyFrom || world.Instances.Any() is not { } instance)
        {
            world.In(TimeSpan.FromMinutes(5), null, () => Enrol(account, since));
            return;
        }

        world.Checks.ExpectNoLongWait(account, since, "is not enrolled");
        instance.Run(() => EnrolAsync(instance, account));

        // Nobody answers where the instance is killed, and what is refused is tried again.
        world.In(Patience, null, () => Enrol(account, since));
    }

    private async Task EnrolAsync(Instance instance, Account account)
    {
        var veeam = account.Veeam!;
        var code = new Totp(Base32Encoding.ToBytes(veeam.TotpSecret)).ComputeTotp(veeam.Now.UtcDateTime);
        world.Checks.OperatorActs(account);
        try
        {
            await instance.Broker.EnrolAsync(account.Connection, new SecretText(code), CancellationToken.None);
            world.Note($"{account.Key} enrolled");
            world.Figures.Enrolments++;
            world.Checks.SignedInAgain(account, instance);
            (account.IsEnrolmentAwaited, account.EnrolledAt, account.Excuse) = (false, world.Now, null);
        }
        catch (TokenException exception)
        {
            world.Note($"{account.Key} not enrolled: {exception.Failure.Kind}");
        }
    }
}
