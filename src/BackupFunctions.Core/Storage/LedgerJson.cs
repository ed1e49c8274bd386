using System.Text.Json;
using System.Text.Json.Serialization;
using BackupFunctions.Ledger;

namespace BackupFunctions.Storage;

/// <summary>
/// How an entry of the ledger looks in its blob; <see cref="StoredEntry"/> reads it. Kinds are written by name: a
/// later version may number them otherwise.
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
}
