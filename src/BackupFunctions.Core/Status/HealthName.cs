using System.Collections.Frozen;
using System.Text.Json;

namespace BackupFunctions.Status;

/// <summary>
/// The names of <see cref="ConnectionHealth"/> in replies and metrics, for example <c>backing-off</c>.
/// </summary>
public static class HealthName
{
    private static readonly FrozenDictionary<ConnectionHealth, string> Names = Enum.GetValues<ConnectionHealth>()
        .ToFrozenDictionary(health => health, health => JsonNamingPolicy.KebabCaseLower.ConvertName(health.ToString()));

    /// <summary>The name of a value.</summary>
    public static string Of(ConnectionHealth health) => Names[health];
}
