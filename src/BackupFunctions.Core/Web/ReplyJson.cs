using System.Text.Json.Serialization;
using BackupFunctions.Web.Api;

namespace BackupFunctions.Web;

/// <summary>The 200 of GetToken.</summary>
internal sealed record TokenBody(
    [property: WireField("The vendor.")] string Vendor,
    [property: WireField("The connection.")] string Connection,
    [property: WireField("Always Bearer.", Title = "Token type")] string TokenType,
    [property: WireField(
        "The token. It is a secret: keep it out of logs and run histories.",
        Title = "Access token",
        Format = "password"
    )]
        string AccessToken,
    [property: WireField(
        "The value of the Authorization header of a call to the vendor. It has the token in it.",
        Title = "Authorization header",
        Format = "password"
    )]
        string Authorization,
    [property: WireField("How many whole seconds the token still lives.", Title = "Expires in")] long ExpiresIn,
    [property: WireField("When the token expires.", Title = "Expires at", Format = "date-time")] string ExpiresAt,
    [property: WireField("Where the vendor's API is; without a slash at its end.", Title = "Base URL", Format = "uri")]
        string? BaseUrl,
    [property: WireField("Names the token without showing it: what rejected takes.")] string Fingerprint
)
{
    public override string ToString() => "[redacted]";
}

/// <summary>The 200 of Refresh: everything but the token.</summary>
internal sealed record RefreshBody(
    [property: WireField("The vendor.")] string Vendor,
    [property: WireField("The connection.")] string Connection,
    [property: WireField("How many whole seconds the token still lives.", Title = "Expires in")] long ExpiresIn,
    [property: WireField("When the token expires.", Title = "Expires at", Format = "date-time")] string ExpiresAt,
    [property: WireField("Where the vendor's API is; without a slash at its end.", Title = "Base URL", Format = "uri")]
        string? BaseUrl,
    [property: WireField("Names the token without showing it.")] string Fingerprint
);

/// <summary>The 200 of Revoke.</summary>
internal sealed record SignOutBody(
    [property: WireField("The vendor.")] string Vendor,
    [property: WireField("The connection.")] string Connection,
    [property: WireField("The state of the connection now: signed-out.")] string State,
    [property: WireField("Whether the vendor has ended the session too.", Title = "Ended at vendor")]
        bool EndedAtVendor,
    [property: WireField("How it went, in words.")] string Detail
);

/// <summary>An RFC 9457 problem.</summary>
internal sealed record ProblemBody(
    [property: WireField("Names the problem: urn:backupfunctions:problem: and a name.")] string Type,
    [property: WireField("The same in words.")] string Title,
    [property: WireField("The HTTP status.")] int Status,
    [property: WireField("What is wrong, and what would be right.")] string Detail,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), WireField("The vendor.")] string? Vendor,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), WireField("The connection.")]
        string? Connection,
    [property:
        JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull),
        WireField("The error code of the vendor, as RFC 6749 names them.", Title = "OAuth error")
    ]
        string? OauthError
);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(TokenBody))]
[JsonSerializable(typeof(RefreshBody))]
[JsonSerializable(typeof(SignOutBody))]
[JsonSerializable(typeof(ProblemBody))]
internal sealed partial class ReplyJson : JsonSerializerContext;
