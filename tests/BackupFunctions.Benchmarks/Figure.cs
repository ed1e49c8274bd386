using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BackupFunctions.Benchmarks;

/// <summary>One measured figure, and the baseline that it is compared with.</summary>
/// <param name="Name">The figure's name on the command line.</param>
/// <param name="Value">The measured value.</param>
/// <param name="Unit">The unit of both values.</param>
/// <param name="Peer">The baseline.</param>
internal sealed record Figure(string Name, double Value, string Unit, double Peer)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The value divided by the baseline.</summary>
    public double Ratio => Value / Peer;

    /// <summary>Further numbers, by name.</summary>
    public IReadOnlyDictionary<string, double> Beside { get; init; } = new Dictionary<string, double>();

    /// <summary>What it must reach.</summary>
    public required IReadOnlyList<Bar> Bars { get; init; }

    /// <summary>Whether it reaches every bar.</summary>
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
