using System.Text.Encodings.Web;
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
    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The first value in terms of the second.</summary>
    public double Ratio => Value / Peer;

    /// <summary>What else there is to say, by name.</summary>
    public IReadOnlyDictionary<string, double> Beside { get; init; } = new Dictionary<string, double>();

    /// <summary>What it has to reach.</summary>
    public required IReadOnlyList<Bar> Bars { get; init; }

    /// <summary>Whether it reaches all of it.</summary>
    public bool Holds => Bars.All(bar => bar.Holds);

    public string ToJson()
    {
        var json = new JsonObject
        {
            ["name"] = Name,
            ["value"] = Round(Value),
            ["unit"] = Unit,
            ["peer"] = Round(Peer),
            ["ratio"] = Round(Ratio),
        };
        foreach (var (name, value) in Beside)
        {
            json[name] = Round(value);
        }

        json["bar"] = string.Join("; ", Bars.Select(bar => bar.Holds ? bar.Words : $"{bar.Words} (missed)"));
        json["holds"] = Holds;
        return json.ToJsonString(Json);
    }

    private static double Round(double value) => Math.Round(value, Math.Abs(value) < 1 ? 4 : 2);
}
