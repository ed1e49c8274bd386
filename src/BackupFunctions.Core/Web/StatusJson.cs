using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using BackupFunctions.Status;

namespace BackupFunctions.Web;

/// <summary>The 200 of Status.</summary>
internal sealed record StatusBody(
    [property: Description("When this was so."), DataType(DataType.DateTime)] string GeneratedAt,
    [property: Description("The connections, by vendor and name.")] IReadOnlyList<ConnectionStatusBody> Connections,
    [property: Description("Secrets of the vault that should define a connection and do not.")]
        IReadOnlyList<UnreadableBody> Unreadable
);

/// <summary>How one connection is.</summary>
internal sealed record ConnectionStatusBody(
    [property: Description("The vendor.")] string Vendor,
    [property: Description("The connection.")] string Connection,
    [property: Description("How it is, in one word."), JsonConverter(typeof(KebabCaseEnum<ConnectionHealth>))]
        ConnectionHealth State,
    [property: Description("How it is, in one sentence.")] string Summary
)
{
    [Description("When its newest token was issued."), DataType(DataType.DateTime)]
    public required string? IssuedAt { get; init; }

    [Description("From when the token is renewed."), DataType(DataType.DateTime)]
    public required string? RenewFrom { get; init; }

    [Description("When the token expires."), DataType(DataType.DateTime)]
    public required string? ExpiresAt { get; init; }

    [Description("Names the token without showing it.")]
    public required string? Fingerprint { get; init; }

    [Description("Where the vendor's API is."), DisplayName("Base URL"), Url]
    public required string? BaseUrl { get; init; }

    [Description("When a sign-in last worked."), DataType(DataType.DateTime)]
    public required string? LastSuccess { get; init; }

    [Description("Why the last attempt failed; null if it did not.")]
    public required FailureBody? LastFailure { get; init; }

    [Description("How many attempts have failed since."), DisplayName("Failures in a row")]
    public required int FailuresInRow { get; init; }

    [Description("When the next attempt may be made."), DataType(DataType.DateTime)]
    public required string? NextAttempt { get; init; }

    [Description("When the secret or certificate expires."), DataType(DataType.DateTime)]
    public required string? CredentialExpiresAt { get; init; }

    [Description("When an operator signed it out."), DataType(DataType.DateTime)]
    public required string? SignedOutAt { get; init; }

    [Description("Whether a person can enrol it with a one-time code.")]
    public required bool CanEnrol { get; init; }
}

/// <summary>Why the last attempt failed.</summary>
internal sealed record FailureBody(
    [property: Description("When."), DataType(DataType.DateTime)] string? At,
    [property: Description("The type of the problem, as a reply would name it.")] string Type,
    [property: Description("The same in words.")] string Title,
    [property: Description("What is wrong, and what would be right.")] string Detail,
    [property: Description("The HTTP status of the vendor or the vault."), DisplayName("HTTP status")] int? HttpStatus,
    [property: Description("The error code of the vendor."), DisplayName("OAuth error")] string? OauthError
);

/// <summary>A secret that should define a connection.</summary>
internal sealed record UnreadableBody(
    [property: Description("The name of the secret.")] string Secret,
    [property: Description("What is wrong with it.")] string Detail
);

/// <summary>The 200 of Health.</summary>
internal sealed record HealthBody([property: Description("Whether it serves.")] bool Alive);

/// <summary>The 200 of Connections.</summary>
internal sealed record ConnectionsBody(
    [property: Description("The connections, by vendor and name.")] IReadOnlyList<ConnectionBody> Connections
);

/// <summary>One connection by its names.</summary>
internal sealed record ConnectionBody(
    [property: Description("The vendor.")] string Vendor,
    [property: Description("The connection.")] string Connection,
    [property: Description("Both: vendor/connection.")] string Name
);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StatusBody))]
[JsonSerializable(typeof(HealthBody))]
[JsonSerializable(typeof(ConnectionsBody))]
internal sealed partial class StatusJson : JsonSerializerContext;
