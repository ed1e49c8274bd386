using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace BackupFunctions.Web;

/// <summary>The 200 of GetToken.</summary>
internal sealed record TokenBody(
    [property: Description("The vendor.")] string Vendor,
    [property: Description("The connection.")] string Connection,
    [property: Description("Always Bearer.")] string TokenType,
    [property:
        Description("The token. It is a secret: keep it out of logs and run histories."),
        DataType(DataType.Password)
    ]
        string AccessToken,
    [property:
        Description("The value of the Authorization header of a call to the vendor. It has the token in it."),
        DisplayName("Authorization header"),
        DataType(DataType.Password)
    ]
        string Authorization,
    [property: Description("How many whole seconds the token still lives.")] long ExpiresIn,
    [property: Description("When the token expires."), DataType(DataType.DateTime)] string ExpiresAt,
    [property: Description("Where the vendor's API is; without a slash at its end."), DisplayName("Base URL"), Url]
        string? BaseUrl,
    [property: Description("Names the token without showing it: what rejected takes.")] string Fingerprint
)
{
    public override string ToString() => "[redacted]";
}

/// <summary>The 200 of Refresh: everything but the token.</summary>
internal sealed record RefreshBody(
    [property: Description("The vendor.")] string Vendor,
    [property: Description("The connection.")] string Connection,
    [property: Description("How many whole seconds the token still lives.")] long ExpiresIn,
    [property: Description("When the token expires."), DataType(DataType.DateTime)] string ExpiresAt,
    [property: Description("Where the vendor's API is; without a slash at its end."), DisplayName("Base URL"), Url]
        string? BaseUrl,
    [property: Description("Names the token without showing it.")] string Fingerprint
);

/// <summary>The 200 of Revoke.</summary>
internal sealed record SignOutBody(
    [property: Description("The vendor.")] string Vendor,
    [property: Description("The connection.")] string Connection,
    [property: Description("The state of the connection now: signed-out.")] string State,
    [property: Description("Whether the vendor has ended the session too.")] bool EndedAtVendor,
    [property: Description("How it went, in words.")] string Detail
);

/// <summary>An RFC 9457 problem.</summary>
internal sealed record ProblemBody(
    [property: Description("Names the problem: urn:backupfunctions:problem: and a name.")] string Type,
    [property: Description("The same in words.")] string Title,
    [property: Description("The HTTP status.")] int Status,
    [property: Description("What is wrong, and what would be right.")] string Detail,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), Description("The vendor.")] string? Vendor,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), Description("The connection.")]
        string? Connection,
    [property:
        JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull),
        Description("The error code of the vendor, as RFC 6749 names them."),
        DisplayName("OAuth error")
    ]
        string? OauthError
);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(TokenBody))]
[JsonSerializable(typeof(RefreshBody))]
[JsonSerializable(typeof(SignOutBody))]
[JsonSerializable(typeof(ProblemBody))]
internal sealed partial class ReplyJson : JsonSerializerContext;
