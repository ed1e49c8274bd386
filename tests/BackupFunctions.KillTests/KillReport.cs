using System.Text.Json;
using System.Text.Json.Nodes;

namespace BackupFunctions.KillTests;

/// <summary>What came of the kills. Lanes write to it side by side.</summary>
internal sealed class KillReport(KillOptions options, TextWriter output)
{
    private readonly Lock _gate = new();
    private readonly long _began = TimeProvider.System.GetTimestamp();
    private readonly List<string> _violations = [];
    private readonly Dictionary<KillPhase, int> _phases = Enum.GetValues<KillPhase>()
        .ToDictionary(static phase => phase, static _ => 0);
    private TimeSpan _longestHealing;
    private TimeSpan _took;

    public IReadOnlyList<string> Violations
    {
        get
        {
            lock (_gate)
                return [.. _violations];
        }
    }

    public IReadOnlyDictionary<KillPhase, int> Phases => _phases;

    public int Kills => _phases.Values.Sum();

    public int KilledAgain { get; private set; }

    public int HealedByRefreshToken { get; private set; }

    public int HealedBySigningIn { get; private set; }

    public int HealedWithCode { get; private set; }

    public int RefusedRefreshTokens { get; private set; }

    public int RefusedPasswords { get; private set; }

    public int RefusedCodes { get; private set; }

    public void AddViolation(string lane, int kill, string what)
    {
        lock (_gate)
        {
            var line = $"violation: {lane}, kill {kill}, seed {options.Seed}: {what.ReplaceLineEndings(" ")}";
            _violations.Add(line);
            output.WriteLine(line);
        }
    }

    public void AddKill(KillPhase phase, bool isKilledAgain)
    {
        lock (_gate)
        {
            _phases[phase]++;
            KilledAgain += isKilledAgain ? 1 : 0;
        }
    }

    public void AddHealing(bool afresh, bool withCode, TimeSpan took)
    {
        lock (_gate)
        {
            HealedByRefreshToken += afresh ? 0 : 1;
            HealedBySigningIn += afresh ? 1 : 0;
            HealedWithCode += afresh && withCode ? 1 : 0;
            _longestHealing = took > _longestHealing ? took : _longestHealing;
        }
    }

    public void AddRefusals(Evidence before, Evidence after)
    {
        lock (_gate)
        {
            RefusedRefreshTokens += after.RefusedRefreshTokens - before.RefusedRefreshTokens;
            RefusedPasswords += after.RefusedPasswords - before.RefusedPasswords;
            RefusedCodes += after.RefusedCodes - before.RefusedCodes;
        }
    }

    public void End() => _took = TimeProvider.System.GetElapsedTime(_began);

    public string ToJson() =>
        new JsonObject
        {
            ["kills"] = Kills,
            ["withStorage"] = options.WithStorage,
            ["seed"] = options.Seed,
            ["phases"] = new JsonObject(
                _phases.Select(static phase =>
                    KeyValuePair.Create<string, JsonNode?>(
                        JsonNamingPolicy.CamelCase.ConvertName($"{phase.Key}"),
                        phase.Value
                    )
                )
            ),
            ["killedAgainWhileHealing"] = KilledAgain,
            ["healedByRefreshToken"] = HealedByRefreshToken,
            ["healedBySigningIn"] = HealedBySigningIn,
            ["healedWithCode"] = HealedWithCode,
            ["refusedRefreshTokens"] = RefusedRefreshTokens,
            ["refusedPasswords"] = RefusedPasswords,
            ["refusedCodes"] = RefusedCodes,
            ["violations"] = Violations.Count,
            ["longestHealingSeconds"] = Math.Round(_longestHealing.TotalSeconds, 1),
            ["seconds"] = Math.Round(_took.TotalSeconds, 1),
        }.ToJsonString();
}
