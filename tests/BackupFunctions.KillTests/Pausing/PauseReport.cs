using System.Text.Json.Nodes;

namespace BackupFunctions.KillTests;

/// <summary>What came of the pauses.</summary>
internal sealed class PauseReport(PauseOptions options, TextWriter output) : RunReport("pause", options.Seed, output)
{
    private TimeSpan _longestUntilToken;

    public int Pauses => Total;

    /// <summary>Pauses in which the other process took over a lock that had run out.</summary>
    public int Overtaken { get; private set; }

    public int Overwritten { get; private set; }

    public int DeadTokens { get; private set; }

    public int SignIns { get; private set; }

    public void AddOverwritten(string lane, int pause, string what)
    {
        lock (Gate)
            Overwritten++;
        AddViolation(lane, pause, what);
    }

    public void AddDeadToken(string lane, int pause, string what)
    {
        lock (Gate)
            DeadTokens++;
        AddViolation(lane, pause, what);
    }

    public void AddPause(KillPhase phase, bool wasOvertaken)
    {
        lock (Gate)
        {
            Count(phase);
            Overtaken += wasOvertaken ? 1 : 0;
        }
    }

    public void AddEnd(Evidence before, Evidence after, TimeSpan untilToken)
    {
        lock (Gate)
        {
            CountRefusals(before, after);
            SignIns += after.SignIns - before.SignIns;
            _longestUntilToken = untilToken > _longestUntilToken ? untilToken : _longestUntilToken;
        }
    }

    protected override void AddFigures(JsonObject json)
    {
        json["lanes"] = options.Lanes;
        json["overtaken"] = Overtaken;
        json["overwritten"] = Overwritten;
        json["deadTokens"] = DeadTokens;
        json["signIns"] = SignIns;
        json["longestUntilTokenSeconds"] = Seconds(_longestUntilToken);
    }
}
