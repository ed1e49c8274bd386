using BackupFunctions.Emulators;
using BackupFunctions.Testing;

namespace BackupFunctions.KillTests;

/// <summary>
/// An appliance that ends the session of a refresh token that is sent twice, a vault, storage, and two LocalHosts. One
/// of them is paused again and again in the middle of a renewal until the other has taken over its lock and renewed.
/// </summary>
internal sealed class PauseLane : IAsyncDisposable
{
    private const int TooManyViolations = 10;
    private const int QuietLooks = 4;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(10);

    /// <summary>Longer than an attempt that backs off because it lost the lock.</summary>
    private static readonly TimeSpan TokenPatience = TimeSpan.FromSeconds(20);

    /// <summary>Nobody else could take the lock sooner than this, if the paused process held it.</summary>
    private static readonly TimeSpan SoonestTakeOver = TimeSpan.FromSeconds(9);

    private readonly string _name;
    private readonly PauseReport _report;
    private readonly EmulatorSuite _suite;
    private readonly AzuriteServer _azurite;
    private readonly Appliance _appliance;
    private Victim? _one;
    private Victim? _other;
    private int _pause;

    private PauseLane(string name, PauseReport report, EmulatorSuite suite, AzuriteServer azurite)
    {
        (_name, _report, _suite, _azurite) = (name, report, suite, azurite);
        _appliance = new Appliance(suite.Veeam);
        suite.Veeam.ReuseEndsSession = true;
        suite.Veeam.MfaRequired = false;
    }

    public static async Task<PauseLane> StartAsync(string name, PauseReport report) =>
        new(name, report, await EmulatorSuite.StartAsync(), await AzuriteServer.StartAsync());

    /// <summary>Pauses by plan.</summary>
    public async Task RunAsync(IReadOnlyList<PausePlan> plans)
    {
        try
        {
            var settings = KillLane.SettingsOf(_suite, _azurite.ConnectionString);
            _one = await Victim.StartAsync(settings);
            _other = await Victim.StartAsync(settings);
            await _one.GetTokenAsync();
            await _other.GetTokenAsync();
            var pace = new Pace(await _one.RenewAsync() ?? throw new NoTokenException(_one.Output));
            foreach (var plan in plans.TakeWhile(_ => _report.Violations.Count < TooManyViolations))
            {
                _pause++;
                await PauseAsync(_one, _other, plan, pace);

                // In turns, so that neither only ever takes over.
                (_one, _other) = (_other, _one);
            }
        }
        catch (Exception exception) when (exception is NoTokenException or InvalidOperationException)
        {
            _report.AddViolation(_name, _pause, $"a process did not start, or not with a token: {exception.Message}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var victim in new[] { _one, _other })
        {
            if (victim is not null)
                await victim.DisposeAsync();
        }

        _appliance.Dispose();
        await _suite.DisposeAsync();
        await _azurite.DisposeAsync();
    }

    private async Task PauseAsync(Victim paused, Victim other, PausePlan plan, Pace pace)
    {
        var before = Evidence.Of(_suite);
        Arm(plan);
        var renewal = paused.RenewAsync();
        await (
            plan.IsAtGrant
                ? _suite.Veeam.Counters.WaitForAsync(Endpoints.Token, before.TokenCalls + 1)
                : Task.Delay(pace.MomentOf(plan.Moment, plan.Delays), TimeProvider.System)
        );
        await paused.PauseAsync();
        pace.Learn(plan.Moment, plan.Delays, renewal.IsCompleted ? await renewal : null);
        await QuietAsync();
        _suite.Veeam.Faults.Clear();
        _suite.Vault.Faults.Clear();
        var phase = Evidence.Of(_suite).PhaseSince(before);

        var began = TimeProvider.System.GetTimestamp();
        await RenewAsync(other);
        _report.AddPause(phase, TimeProvider.System.GetElapsedTime(began) > SoonestTakeOver);
        await QuietAsync();
        var meanwhile = Evidence.Of(_suite);
        if (!meanwhile.IsRefreshTokenLive)
            _report.AddViolation(_name, _pause, $"the other process did not renew ({phase}): {other.LastRefusal}");

        await paused.ResumeAsync();
        var resumed = TimeProvider.System.GetTimestamp();
        await CheckTokensAsync(paused, "the paused process", phase);
        var untilToken = TimeProvider.System.GetElapsedTime(resumed);
        await renewal;
        await QuietAsync();
        await CheckTokensAsync(paused, "the paused process, a little later,", phase);
        await CheckTokensAsync(other, "the other process", phase);
        await QuietAsync();
        var after = Evidence.Of(_suite);
        if (!after.IsRefreshTokenLive)
            _report.AddOverwritten(_name, _pause, $"the vault's refresh token is dead ({phase}, {plan})");
        if (after.RefusedPasswords > before.RefusedPasswords || after.IsLocked)
            _report.AddViolation(_name, _pause, "a password was refused");
        _report.AddEnd(before, after, untilToken);
    }

    /// <summary>
    /// A process that was paused itself a moment ago may take storage for unavailable for some seconds: what it had
    /// asked was not answered in time.
    /// </summary>
    private static async Task RenewAsync(Victim victim)
    {
        for (var began = TimeProvider.System.GetTimestamp(); ; await Task.Delay(BetweenLooks, TimeProvider.System))
        {
            await victim.RenewAsync();
            if (victim.LastRefusal is null || TimeProvider.System.GetElapsedTime(began) > TokenPatience)
                return;
        }
    }

    private void Arm(PausePlan plan)
    {
        _suite.Veeam.Faults.Add(Endpoints.Token, Fault.Delay(plan.VendorDelay));
        if (plan.IsThrottled)
            _suite.Vault.Faults.Add(Endpoints.Set, Fault.Status(429), times: 1);
        _suite.Vault.Faults.Add(Endpoints.Set, Fault.Delay(plan.SaveDelay));
    }

    /// <summary>A process hands out a token that works; it may first say that it backs off.</summary>
    private async Task CheckTokensAsync(Victim victim, string who, KillPhase phase)
    {
        for (var began = TimeProvider.System.GetTimestamp(); ; await Task.Delay(BetweenLooks, TimeProvider.System))
        {
            try
            {
                var (token, _) = await victim.GetTokenAsync();
                if (!await _appliance.AcceptsAsync(token))
                    _report.AddDeadToken(_name, _pause, $"{who} served a token that the appliance refuses ({phase})");
                return;
            }
            catch (NoTokenException exception)
            {
                if (TimeProvider.System.GetElapsedTime(began) > TokenPatience)
                {
                    _report.AddViolation(_name, _pause, $"{who} has no token ({phase}): {exception.Message}");
                    return;
                }
            }
        }
    }

    /// <summary>Waits until appliance and vault are not asked any more.</summary>
    private async Task QuietAsync()
    {
        for (var quiet = 0; quiet < QuietLooks; await Task.Delay(BetweenLooks, TimeProvider.System))
        {
            quiet = _suite.Veeam.Counters.UnderWay + _suite.Vault.Counters.UnderWay == 0 ? quiet + 1 : 0;
        }
    }
}
