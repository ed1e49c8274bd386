using System.Text.Json;
using System.Text.Json.Serialization;

namespace BackupFunctions.History;

/// <summary>Writes a history in one line, also where JSON is indented: its size is counted in advance.</summary>
internal sealed class HistoryConverter : JsonConverter<ConnectionHistory>
{
    public override ConnectionHistory Read(
        ref Utf8JsonReader reader,
        Type typeToConvert,
        JsonSerializerOptions options
    ) => HistoryText.Read(JsonElement.ParseValue(ref reader), DateTimeOffset.MaxValue);

    public override void Write(Utf8JsonWriter writer, ConnectionHistory value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.ToString(), skipInputValidation: true);
}
