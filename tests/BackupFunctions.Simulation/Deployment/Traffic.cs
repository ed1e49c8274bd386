using BackupFunctions.Broker;
using BackupFunctions.Sweeps;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;

namespace BackupFunctions.Simulation;

/// <summary>Who calls the service: flows at odd moments, and the timers.</summary>
internal sealed class Traffic(World world)
{
    public static readonly TimeSpan Tick = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan CalmPause = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan StormyPause = TimeSpan.FromSeconds(25);

    public void Begin()
    {
        foreach (var account in world.Accounts)
        {
            PlanCall(account);
        }

        world.In(Tick, null, TickNow);
    }

    /// <summary>One call.</summary>
    /// <param name="instance">Who is called.</param>
    /// <param name="account">Whose token is wanted.</param>
    /// <param name="query">What the caller needs.</param>
    /// <param name="callsLeft">How often the caller asks again if what it got does not work.</param>
    /// <param name="ended">Told whether the token that the caller ends with works, or why there is none.</param>
    public void Call(
        Instance instance,
        Account account,
        TokenRequest query,
        int callsLeft = 2,
        Action<bool, TokenFailure?>? ended = null
    ) => instance.Run(() => CallAsync(instance, account, query, callsLeft, ended));

    private async Task CallAsync(
        Instance instance,
        Account account,
        TokenRequest query,
        int callsLeft,
        Action<bool, TokenFailure?>? ended
    )
    {
        var askedAt = world.Now;
        if (query.Rejected is { } rejected)
        {
            instance.Rejected.TryAdd(rejected, askedAt);
            world.Checks.ReportedDead(instance, account, rejected);
        }

        try
        {
            var token = await instance.Broker.GetAsync(account.Connection, query, CancellationToken.None);
            world.Figures.HandOuts++;
            world.Checks.HandedOut(instance, account, token, askedAt);
            if (!account.Vendor.IsLive(token.Reveal()) && callsLeft > 0)
            {
                world.In(world.Chance.Seconds(0.05, 1), instance, () =>
                    Call(instance, account, new TokenRequest { Rejected = token.Fingerprint }, callsLeft - 1, ended)
                );
                return;
            }

            ended?.Invoke(account.Vendor.IsLive(token.Reveal()), null);
        }
        catch (TokenException exception)
        {
            world.Figures.Refusals++;
            world.Checks.Refused(instance, account, exception.Failure, askedAt);
            ended?.Invoke(false, exception.Failure);
        }
    }

    private void PlanCall(Account account) =>
        world.In(world.Chance.Until(world.Weather.IsStormy ? StormyPause : CalmPause), null, () =>
        {
            var times = world.Weather.IsStormy && world.Chance.Hits(0.05) ? 5 : 1;
            for (var i = 0; i < times; i++)
            {
                if (world.Instances.Any() is { } instance)
                {
                    Call(instance, account, Query(account));
                }
            }

            PlanCall(account);
        });

    private TokenRequest Query(Account account)
    {
        var chance = world.Chance.NextDouble();
        return chance switch
        {
            < 0.02 => new TokenRequest { Refresh = true },
            < 0.03 => new TokenRequest { MinimumLifetime = TimeSpan.FromDays(1) },
            < 0.2 => new TokenRequest { MinimumLifetime = TimeSpan.FromSeconds(world.Chance.Below(1800)) },

            // Somebody reports a token that works, or one of long ago.
            < 0.22 when world.Weather.IsStormy && account.VaultToken is { } token => new TokenRequest
            {
                Rejected = Fingerprint.Of(token),
            },
            < 0.25 => new TokenRequest { Rejected = "00000000deadbeef" },
            < 0.35 => new TokenRequest { MinimumLifetime = TimeSpan.Zero },
            _ => new TokenRequest(),
        };
    }

    private void TickNow()
    {
        var ready = world.Instances.Ready.ToList();

        // One instance holds the timers; now and then that lease is lost, and a run comes twice.
        foreach (var instance in ready.Take(world.Chance.Hits(0.02) ? 2 : 1))
        {
            foreach (var vendor in instance.Vendors)
            {
                instance.Run(() => SweepAsync(instance, vendor));
            }
        }

        world.In(Tick, null, TickNow);
    }

    private async Task SweepAsync(Instance instance, VendorProfile vendor)
    {
        try
        {
            await instance.Sweep.RunAsync(vendor, world.Now + Tick, TimeSpan.Zero, CancellationToken.None);
        }
        catch (RefreshSweepException)
        {
            // It names what failed; the calls tell whether that is right.
        }
    }
}
