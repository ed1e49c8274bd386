using System.Text.Json;
using System.Text.Json.Serialization;
using BackupFunctions.Json;
using BackupFunctions.Ledger;

namespace BackupFunctions.Storage;

/// <summary>
/// How an entry of the ledger looks in its blob. Kinds are written by name: a later version may number them otherwise.
/// </summary>
[JsonSerializable(typeof(LedgerEntry))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
internal sealed partial class LedgerJson : JsonSerializerContext
{
    public static BinaryData Write(LedgerEntry entry) =>
        new(JsonSerializer.SerializeToUtf8Bytes(entry, Default.LedgerEntry));

    /// <summary>The entry in a blob; null if there is none in it that this version can read.</summary>
    public static LedgerEntry? Read(BinaryData content)
    {
        try
        {
            return JsonSerializer.Deserialize(LenientJson.Utf8(content.ToMemory()).Span, Default.LedgerEntry);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
