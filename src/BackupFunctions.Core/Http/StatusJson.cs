using System.Text.Json.Serialization;

namespace BackupFunctions.Http;

/// <summary>The 200 of Status.</summary>
internal sealed record StatusBody(string GeneratedAt, IReadOnlyList<ConnectionStatusBody> Connections, IReadOnlyList<UnreadableBody> Unreadable);

/// <summary>How one connection is.</summary>
internal sealed record ConnectionStatusBody(string Vendor, string Connection, string State, string Summary)
{
    public string? IssuedAt { get; init; }

    public string? RenewFrom { get; init; }

    public string? ExpiresAt { get; init; }

    public string? Fingerprint { get; init; }

    public string? BaseUrl { get; init; }

    public string? LastSuccess { get; init; }

    public FailureBody? LastFailure { get; init; }

    public int FailuresInRow { get; init; }

    public string? NextAttempt { get; init; }

    public string? CredentialExpiresAt { get; init; }

    public string? SignedOutAt { get; init; }

    public bool CanEnrol { get; init; }
}

/// <summary>Why the last attempt failed.</summary>
internal sealed record FailureBody(string? At, string Type, string Title, string Detail, int? HttpStatus, string? OauthError);

/// <summary>A secret that should define a connection.</summary>
internal sealed record UnreadableBody(string Secret, string Detail);

/// <summary>The 200 of Health.</summary>
internal sealed record HealthBody(bool Alive);

/// <summary>The 200 of Connections.</summary>
internal sealed record ConnectionsBody(IReadOnlyList<ConnectionBody> Connections);

/// <summary>One connection by its names.</summary>
internal sealed record ConnectionBody(string Vendor, string Connection, string Name);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StatusBody))]
[JsonSerializable(typeof(HealthBody))]
[JsonSerializable(typeof(ConnectionsBody))]
internal sealed partial class StatusJson : JsonSerializerContext;
