using System.Text.Json.Serialization.Metadata;

namespace BackupFunctions.Web.Api;

/// <summary>One reply of an operation.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Description">What it means.</param>
/// <param name="MediaType">The type of its body.</param>
/// <param name="Body">The body's shape; null where no type gives it: text, and the OpenAPI document.</param>
public sealed record OperationReply(int Status, string Description, string MediaType, JsonTypeInfo? Body);
