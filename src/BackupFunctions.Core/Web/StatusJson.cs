using System.Text.Json.Serialization;
using BackupFunctions.Status;
using BackupFunctions.Web.Api;

namespace BackupFunctions.Web;

/// <summary>The 200 of Status.</summary>
internal sealed record StatusBody(
    [property: WireField("When this was so.", Title = "Generated at", Format = "date-time")] string GeneratedAt,
    [property: WireField("The connections, by vendor and name.")] IReadOnlyList<ConnectionStatusBody> Connections,
    [property: WireField("Secrets of the vault that should define a connection and do not.")]
        IReadOnlyList<UnreadableBody> Unreadable
);

/// <summary>How one connection is.</summary>
internal sealed record ConnectionStatusBody(
    [property: WireField("The vendor.")] string Vendor,
    [property: WireField("The connection.")] string Connection,
    [property: WireField("How it is, in one word.", Names = typeof(ConnectionHealth))] string State,
    [property: WireField("How it is, in one sentence.")] string Summary
)
{
    [WireField("When its newest token was issued.", Title = "Issued at", Format = "date-time")]
    public string? IssuedAt { get; init; }

    [WireField("From when the token is renewed.", Title = "Renew from", Format = "date-time")]
    public string? RenewFrom { get; init; }

    [WireField("When the token expires.", Title = "Expires at", Format = "date-time")]
    public string? ExpiresAt { get; init; }

    [WireField("Names the token without showing it.")]
    public string? Fingerprint { get; init; }

    [WireField("Where the vendor's API is.", Title = "Base URL", Format = "uri")]
    public string? BaseUrl { get; init; }

    [WireField("When a sign-in last worked.", Title = "Last success", Format = "date-time")]
    public string? LastSuccess { get; init; }

    [WireField("Why the last attempt failed; null if it did not.", Title = "Last failure")]
    public FailureBody? LastFailure { get; init; }

    [WireField("How many attempts have failed since.", Title = "Failures in a row")]
    public int FailuresInRow { get; init; }

    [WireField("When the next attempt may be made.", Title = "Next attempt", Format = "date-time")]
    public string? NextAttempt { get; init; }

    [WireField("When the secret or certificate expires.", Title = "Credential expires at", Format = "date-time")]
    public string? CredentialExpiresAt { get; init; }

    [WireField("When an operator signed it out.", Title = "Signed out at", Format = "date-time")]
    public string? SignedOutAt { get; init; }

    [WireField("Whether a person can enrol it with a one-time code.", Title = "Can enrol")]
    public bool CanEnrol { get; init; }
}

/// <summary>Why the last attempt failed.</summary>
internal sealed record FailureBody(
    [property: WireField("When.", Format = "date-time")] string? At,
    [property: WireField("The type of the problem, as a reply would name it.")] string Type,
    [property: WireField("The same in words.")] string Title,
    [property: WireField("What is wrong, and what would be right.")] string Detail,
    [property: WireField("The HTTP status of the vendor or the vault.", Title = "HTTP status")] int? HttpStatus,
    [property: WireField("The error code of the vendor.", Title = "OAuth error")] string? OauthError
);

/// <summary>A secret that should define a connection.</summary>
internal sealed record UnreadableBody(
    [property: WireField("The name of the secret.")] string Secret,
    [property: WireField("What is wrong with it.")] string Detail
);

/// <summary>The 200 of Health.</summary>
internal sealed record HealthBody([property: WireField("Whether it serves.")] bool Alive);

/// <summary>The 200 of Connections.</summary>
internal sealed record ConnectionsBody(
    [property: WireField("The connections, by vendor and name.")] IReadOnlyList<ConnectionBody> Connections
);

/// <summary>One connection by its names.</summary>
internal sealed record ConnectionBody(
    [property: WireField("The vendor.")] string Vendor,
    [property: WireField("The connection.")] string Connection,
    [property: WireField("Both: vendor/connection.")] string Name
);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StatusBody))]
[JsonSerializable(typeof(HealthBody))]
[JsonSerializable(typeof(ConnectionsBody))]
internal sealed partial class StatusJson : JsonSerializerContext;
