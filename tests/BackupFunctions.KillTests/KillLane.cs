using BackupFunctions.Emulators;

namespace BackupFunctions.KillTests;

/// <summary>
/// An appliance and a vault in this process, and one LocalHost at a time in another, which is killed again and again.
/// </summary>
internal sealed class KillLane : IAsyncDisposable
{
    private const int TooManyViolations = 10;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(5);
    private const int QuietLooks = 4;

    private readonly EmulatorSuite _suite;
    private readonly KillReport _report;
    private readonly IReadOnlyList<KeyValuePair<string, string>> _settings;
    private readonly Action<string> _violation;
    private readonly Healing _healing;
    private Victim? _victim;
    private int _kill;
    private int _violations;

    private KillLane(string name, KillReport report, EmulatorSuite suite, string? storage)
    {
        _suite = suite;
        _report = report;
        _settings = SettingsOf(suite, storage);
        _violation = what =>
        {
            _violations++;
            report.AddViolation(name, _kill, what);
        };
        _healing = new Healing(suite, report, _violation);
    }

    public static async Task<KillLane> StartAsync(string name, KillReport report, string? storage) =>
        new(name, report, await EmulatorSuite.StartAsync(), storage);

    /// <summary>Kills by plan, and looks after each kill whether the next process heals.</summary>
    public async Task RunAsync(IReadOnlyList<KillPlan> plans)
    {
        try
        {
            await KillAllAsync(plans);
        }
        catch (Exception exception) when (exception is NoTokenException or InvalidOperationException)
        {
            _violation($"a process did not start, or not with a token: {exception.Message}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await EndVictimAsync();
        _healing.Dispose();
        await _suite.DisposeAsync();
    }

    private async Task EndVictimAsync()
    {
        if (_victim is not null)
            await _victim.DisposeAsync();
        _victim = null;
    }

    private async Task KillAllAsync(IReadOnlyList<KillPlan> plans)
    {
        _victim = await Victim.StartAsync(_settings);
        await _healing.BeginAsync(_victim);
        var first = await _victim.RenewAsync() ?? throw new NoTokenException(_victim.Output);
        var (warm, cold) = (new Pace(first), new Pace(first));
        var isCold = false;
        foreach (var plan in plans.TakeWhile(_ => _violations < TooManyViolations))
        {
            _kill++;
            await KillAsync(_victim, plan, isCold ? cold : warm);
            await EndVictimAsync();
            _victim = await Victim.StartAsync(_settings);
            isCold = plan.IsKilledAgain;
            if (!isCold)
                await _healing.CheckAsync(_victim);
        }
    }

    /// <summary>The settings of a LocalHost that has the vault and the appliance of the suite.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> SettingsOf(EmulatorSuite suite, string? storage)
    {
        var settings = suite
            .ClientSettings()
            .Where(static setting =>
                setting.Key.StartsWith("KeyVault:", StringComparison.Ordinal)
                || setting.Key.StartsWith("Connections:Veeam:", StringComparison.Ordinal)
            )
            .ToList();

        // Once a year: what is killed here is what was asked for, not a timer's run beside it.
        settings.Add(KeyValuePair.Create("VeeamRefreshSchedule", "0 0 0 1 1 *"));
        if (storage is not null)
            settings.Add(KeyValuePair.Create("AzureWebJobsStorage", storage));
        return settings;
    }

    private async Task KillAsync(Victim victim, KillPlan plan, Pace pace)
    {
        var before = Evidence.Of(_suite);
        var mayMeetStep = _healing.Code.MayMeetStep;
        _suite.Veeam.MfaRequired = plan.NeedsCode;
        _suite.Veeam.Faults.Add(Endpoints.Token, Fault.Delay(plan.VendorDelay));
        _suite.Vault.Faults.Add(Endpoints.Set, Fault.Delay(plan.SaveDelay));

        var renewal = victim.RenewAsync();
        await Task.Delay(pace.MomentOf(plan.Moment, plan.Delays), TimeProvider.System);
        await victim.KillAsync();
        pace.Learn(plan.Moment, plan.Delays, await renewal);

        await QuietAsync();
        _suite.Veeam.Faults.Clear();
        _suite.Vault.Faults.Clear();
        var after = Evidence.Of(_suite);
        _report.AddKill(after.PhaseSince(before), plan.IsKilledAgain);
        _healing.Judge(before, after, mayMeetStep);
    }

    /// <summary>Waits until appliance and vault have noticed that their client is gone.</summary>
    private async Task QuietAsync()
    {
        for (var quiet = 0; quiet < QuietLooks; await Task.Delay(BetweenLooks, TimeProvider.System))
        {
            quiet = _suite.Veeam.Counters.UnderWay + _suite.Vault.Counters.UnderWay == 0 ? quiet + 1 : 0;
        }
    }
}
