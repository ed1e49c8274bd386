using System.Text.Json;
using System.Text.Json.Nodes;

namespace BackupFunctions.Benchmarks;

/// <summary>One measured figure, beside what it is measured against.</summary>
/// <param name="Name">The figure's name on the command line.</param>
/// <param name="Value">What was measured.</param>
/// <param name="Unit">Of both values.</param>
/// <param name="Peer">What it is held against.</param>
internal sealed record Figure(string Name, double Value, string Unit, double Peer)
{
    /// <summary>What else there is to say, by name.</summary>
    public IReadOnlyDictionary<string, double> Beside { get; init; } = new Dictionary<string, double>();

    public string ToJson()
    {
        var json = new JsonObject
        {
            ["name"] = Name,
            ["value"] = Round(Value),
            ["unit"] = Unit,
            ["peer"] = Round(Peer),
            ["ratio"] = Round(Value / Peer),
        };
        foreach (var (name, value) in Beside)
        {
            json[name] = Round(value);
        }

        return json.ToJsonString(JsonSerializerOptions.Web);
    }

    private static double Round(double value) => Math.Round(value, 3);
}
