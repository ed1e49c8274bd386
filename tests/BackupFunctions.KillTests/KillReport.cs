using System.Text.Json.Nodes;

namespace BackupFunctions.KillTests;

/// <summary>What came of the kills.</summary>
internal sealed class KillReport(KillOptions options, TextWriter output) : RunReport("kill", options.Seed, output)
{
    private TimeSpan _longestHealing;

    public int Kills => Total;

    public int KilledAgain { get; private set; }

    public int HealedByRefreshToken { get; private set; }

    public int HealedBySigningIn { get; private set; }

    public int HealedWithCode { get; private set; }

    public int RefusedCodes { get; private set; }

    public void AddKill(KillPhase phase, bool isKilledAgain)
    {
        lock (Gate)
        {
            Count(phase);
            KilledAgain += isKilledAgain ? 1 : 0;
        }
    }

    public void AddHealing(bool afresh, bool withCode, TimeSpan took)
    {
        lock (Gate)
        {
            HealedByRefreshToken += afresh ? 0 : 1;
            HealedBySigningIn += afresh ? 1 : 0;
            HealedWithCode += afresh && withCode ? 1 : 0;
            _longestHealing = took > _longestHealing ? took : _longestHealing;
        }
    }

    public void AddRefusals(Evidence before, Evidence after)
    {
        lock (Gate)
        {
            CountRefusals(before, after);
            RefusedCodes += after.RefusedCodes - before.RefusedCodes;
        }
    }

    protected override void AddFigures(JsonObject json)
    {
        json["withStorage"] = options.WithStorage;
        json["killedAgainWhileHealing"] = KilledAgain;
        json["healedByRefreshToken"] = HealedByRefreshToken;
        json["healedBySigningIn"] = HealedBySigningIn;
        json["healedWithCode"] = HealedWithCode;
        json["refusedCodes"] = RefusedCodes;
        json["longestHealingSeconds"] = Seconds(_longestHealing);
    }
}
