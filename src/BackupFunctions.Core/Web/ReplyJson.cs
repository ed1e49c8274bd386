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
        Description("The value of the Authorization header for calls to the vendor. It contains the token."),
        DisplayName("Authorization header"),
        DataType(DataType.Password)
    ]
        string Authorization,
    [property: Description("How many whole seconds the token is still valid.")] long ExpiresIn,
    [property: Description("When the token expires."), DataType(DataType.DateTime)] string ExpiresAt,
    [property: Description("The URL of the vendor's API, without a trailing slash."), DisplayName("Base URL"), Url]
        string? BaseUrl,
    [property: Description("Identifies the token without revealing it; pass it as rejected.")] string Fingerprint,
    [property:
        Description("The headers that every call to the vendor needs besides Authorization; empty if there are none."),
        DisplayName("Further headers")
    ]
        IReadOnlyDictionary<string, string> Headers,
    [property:
        Description("The statuses with which the vendor says that it does not accept the token."),
        DisplayName("Rejected statuses")
    ]
        IReadOnlyList<int> RejectedStatuses
)
{
    public override string ToString() => "[redacted]";
}

/// <summary>The 200 of Refresh: everything but the token.</summary>
internal sealed record RefreshBody(
    [property: Description("The vendor.")] string Vendor,
    [property: Description("The connection.")] string Connection,
    [property: Description("How many whole seconds the token is still valid.")] long ExpiresIn,
    [property: Description("When the token expires."), DataType(DataType.DateTime)] string ExpiresAt,
    [property: Description("The URL of the vendor's API, without a trailing slash."), DisplayName("Base URL"), Url]
        string? BaseUrl,
    [property: Description("Identifies the token without revealing it.")] string Fingerprint
);

/// <summary>The 200 of Revoke.</summary>
internal sealed record SignOutBody(
    [property: Description("The vendor.")] string Vendor,
    [property: Description("The connection.")] string Connection,
    [property: Description("The connection's state now: signed-out.")] string State,
    [property: Description("Whether the vendor ended the session too.")] bool EndedAtVendor,
    [property: Description("The result in words.")] string Detail
);

/// <summary>An RFC 9457 problem.</summary>
internal sealed record ProblemBody(
    [property: Description("Identifies the problem: urn:backupfunctions:problem: and a name.")] string Type,
    [property: Description("The problem in words.")] string Title,
    [property: Description("The HTTP status.")] int Status,
    [property: Description("What is wrong and how to fix it.")] string Detail,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), Description("The vendor.")] string? Vendor,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), Description("The connection.")]
        string? Connection,
    [property:
        JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull),
        Description("The vendor's error code (RFC 6749)."),
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
