using System.Text.Json;
using System.Text.Json.Nodes;

namespace BackupFunctions.KillTests;

/// <summary>What came of the pauses. Lanes write to it side by side.</summary>
internal sealed class PauseReport(PauseOptions options, TextWriter output)
{
    private readonly Lock _gate = new();
    private readonly long _began = TimeProvider.System.GetTimestamp();
    private readonly List<string> _violations = [];
    private readonly Dictionary<KillPhase, int> _phases = Enum.GetValues<KillPhase>()
        .ToDictionary(static phase => phase, static _ => 0);
    private TimeSpan _longestUntilToken;
    private TimeSpan _took;

    public IReadOnlyList<string> Violations
    {
        get
        {
            lock (_gate)
                return [.. _violations];
        }
    }

    public int Pauses => _phases.Values.Sum();

    /// <summary>Pauses in which the other process took over a lock that had run out.</summary>
    public int Overtaken { get; private set; }

    public int Overwritten { get; private set; }

    public int DeadTokens { get; private set; }

    public int SignIns { get; private set; }

    public int RefusedRefreshTokens { get; private set; }

    public int RefusedPasswords { get; private set; }

    public void AddOverwritten(string lane, int pause, string what)
    {
        lock (_gate)
            Overwritten++;
        AddViolation(lane, pause, what);
    }

    public void AddDeadToken(string lane, int pause, string what)
    {
        lock (_gate)
            DeadTokens++;
        AddViolation(lane, pause, what);
    }

    public void AddViolation(string lane, int pause, string what)
    {
        lock (_gate)
        {
            var line = $"violation: {lane}, pause {pause}, seed {options.Seed}: {what.ReplaceLineEndings(" ")}";
            _violations.Add(line);
            output.WriteLine(line);
        }
    }

    public void AddPause(KillPhase phase, bool wasOvertaken)
    {
        lock (_gate)
        {
            _phases[phase]++;
            Overtaken += wasOvertaken ? 1 : 0;
        }
    }

    public void AddEnd(Evidence before, Evidence after, TimeSpan untilToken)
    {
        lock (_gate)
        {
            SignIns += after.SignIns - before.SignIns;
            RefusedRefreshTokens += after.RefusedRefreshTokens - before.RefusedRefreshTokens;
            RefusedPasswords += after.RefusedPasswords - before.RefusedPasswords;
            _longestUntilToken = untilToken > _longestUntilToken ? untilToken : _longestUntilToken;
        }
    }

    public void End() => _took = TimeProvider.System.GetElapsedTime(_began);

    public string ToJson() =>
        new JsonObject
        {
            ["pauses"] = Pauses,
            ["lanes"] = options.Lanes,
            ["seed"] = options.Seed,
            ["phases"] = new JsonObject(
                _phases.Select(static phase =>
                    KeyValuePair.Create<string, JsonNode?>(
                        JsonNamingPolicy.CamelCase.ConvertName($"{phase.Key}"),
                        phase.Value
                    )
                )
            ),
            ["overtaken"] = Overtaken,
            ["overwritten"] = Overwritten,
            ["deadTokens"] = DeadTokens,
            ["signIns"] = SignIns,
            ["refusedRefreshTokens"] = RefusedRefreshTokens,
            ["refusedPasswords"] = RefusedPasswords,
            ["violations"] = Violations.Count,
            ["longestUntilTokenSeconds"] = Math.Round(_longestUntilToken.TotalSeconds, 1),
            ["seconds"] = Math.Round(_took.TotalSeconds, 1),
        }.ToJsonString();
}
