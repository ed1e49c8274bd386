using System.ComponentModel;
using System.Text.Json.Serialization;
using BackupFunctions.Settings.Alerting;

namespace BackupFunctions.Web.Alerts;

/// <summary>The 200 of the test of the alert webhook.</summary>
internal sealed record AlertTestBody(
    [property: Description("The status with which the receiver took the message.")] int ReceiverStatus,
    [property: Description("The form of the message."), JsonConverter(typeof(KebabCaseEnum<AlertFormat>))]
        AlertFormat Format
);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AlertTestBody))]
internal sealed partial class AlertTestJson : JsonSerializerContext;
