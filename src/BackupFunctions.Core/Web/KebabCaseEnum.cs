using System.Text.Json;
using System.Text.Json.Serialization;

namespace BackupFunctions.Web;

/// <summary>Writes the values of an enum by name: <c>BackingOff</c> as <c>backing-off</c>.</summary>
internal sealed class KebabCaseEnum<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower)
    where T : struct, Enum;
