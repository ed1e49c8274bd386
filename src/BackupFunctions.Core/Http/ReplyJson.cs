using System.Text.Json.Serialization;

namespace BackupFunctions.Http;

/// <summary>The 200 of GetToken.</summary>
internal sealed record TokenBody(
    string Vendor, string Connection, string TokenType, string AccessToken, string Authorization, long ExpiresIn, string ExpiresAt, string? BaseUrl, string Fingerprint)
{
    public override string ToString() => "[redacted]";
}

/// <summary>The 200 of Refresh: everything but the token.</summary>
internal sealed record RefreshBody(string Vendor, string Connection, long ExpiresIn, string ExpiresAt, string? BaseUrl, string Fingerprint);

/// <summary>The 200 of Revoke.</summary>
internal sealed record SignOutBody(string Vendor, string Connection, string State, bool EndedAtVendor, string Detail);

/// <summary>An RFC 9457 problem.</summary>
internal sealed record ProblemBody(
    string Type, string Title, int Status, string Detail,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Vendor,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Connection,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? OauthError);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(TokenBody))]
[JsonSerializable(typeof(RefreshBody))]
[JsonSerializable(typeof(SignOutBody))]
[JsonSerializable(typeof(ProblemBody))]
internal sealed partial class ReplyJson : JsonSerializerContext;
