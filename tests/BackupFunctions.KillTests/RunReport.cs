using System.Text.Json;
using System.Text.Json.Nodes;

namespace BackupFunctions.KillTests;

/// <summary>What came of a run: what was hit when, and what must not have happened. Lanes write to it side by side.</summary>
/// <param name="what">What is done to processes, in one word.</param>
/// <param name="seed">What the run is drawn from.</param>
/// <param name="output">Where violations are printed as they are found.</param>
internal abstract class RunReport(string what, int seed, TextWriter output)
{
    private readonly long _began = TimeProvider.System.GetTimestamp();
    private readonly List<string> _violations = [];
    private readonly Dictionary<KillPhase, int> _phases = Enum.GetValues<KillPhase>()
        .ToDictionary(static phase => phase, static _ => 0);
    private TimeSpan _took;

    public IReadOnlyList<string> Violations
    {
        get
        {
            lock (Gate)
                return [.. _violations];
        }
    }

    public IReadOnlyDictionary<KillPhase, int> Phases => _phases;

    public int RefusedRefreshTokens { get; private set; }

    public int RefusedPasswords { get; private set; }

    /// <summary>Guards every figure.</summary>
    protected Lock Gate { get; } = new();

    protected int Total => _phases.Values.Sum();

    public void AddViolation(string lane, int number, string violation)
    {
        lock (Gate)
        {
            var line = $"violation: {lane}, {what} {number}, seed {seed}: {violation.ReplaceLineEndings(" ")}";
            _violations.Add(line);
            output.WriteLine(line);
        }
    }

    public void End() => _took = TimeProvider.System.GetElapsedTime(_began);

    public string ToJson()
    {
        var json = new JsonObject
        {
            [$"{what}s"] = Total,
            ["seed"] = seed,
            ["phases"] = new JsonObject(
                _phases.Select(static phase =>
                    KeyValuePair.Create<string, JsonNode?>(
                        JsonNamingPolicy.CamelCase.ConvertName($"{phase.Key}"),
                        phase.Value
                    )
                )
            ),
            ["refusedRefreshTokens"] = RefusedRefreshTokens,
            ["refusedPasswords"] = RefusedPasswords,
            ["violations"] = Violations.Count,
        };
        AddFigures(json);
        json["seconds"] = Seconds(_took);
        return json.ToJsonString();
    }

    protected static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 1);

    /// <summary>The figures of one kind of run.</summary>
    protected abstract void AddFigures(JsonObject json);

    /// <summary>Called while <see cref="Gate"/> is held.</summary>
    protected void Count(KillPhase phase) => _phases[phase]++;

    /// <summary>Called while <see cref="Gate"/> is held.</summary>
    protected void CountRefusals(Evidence before, Evidence after)
    {
        RefusedRefreshTokens += after.RefusedRefreshTokens - before.RefusedRefreshTokens;
        RefusedPasswords += after.RefusedPasswords - before.RefusedPasswords;
    }
}
