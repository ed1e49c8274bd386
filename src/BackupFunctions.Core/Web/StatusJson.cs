using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using BackupFunctions.Status;

namespace BackupFunctions.Web;

/// <summary>The 200 of Status.</summary>
internal sealed record StatusBody(
    [property: Description("When this status was read."), DataType(DataType.DateTime)] string GeneratedAt,
    [property: Description("The connections, by vendor and name.")] IReadOnlyList<ConnectionStatusBody> Connections,
    [property: Description("Secrets in the vault that should define a connection but do not.")]
        IReadOnlyList<UnreadableBody> Unreadable,
    [property:
        Description(
            "By how many seconds this host's clock is ahead of the vault's; negative if behind, 0 if right, null if "
                + "unknown."
        ),
        DisplayName("Clock ahead (s)")
    ]
        long? ClockAheadSeconds
)
{
    [Description("How to read the histories of the connections; only if they were asked for.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HistoryKeyBody? History { get; init; }
}

/// <summary>What all histories have in common.</summary>
internal sealed record HistoryKeyBody(
    [property: Description("When the first of the quarters began."), DataType(DataType.DateTime)] string From,
    [property: Description("How many seconds a quarter lasts.")] int QuarterSeconds,
    [property: Description("The letters that stand for a quarter.")] IReadOnlyList<OutcomeBody> Outcomes,
    [property: Description("The vendors of these connections, by name.")] IReadOnlyList<VendorBody> Vendors
);

/// <summary>What a letter stands for.</summary>
internal sealed record OutcomeBody(
    [property: Description("The letter.")] string Letter,
    [property: Description("nothing, renewed, signed-out, failed or refused.")] string Outcome,
    [property: Description("The problem type, if it is a failure.")] string? Problem
);

/// <summary>What happened to one connection lately.</summary>
internal sealed record ConnectionHistoryBody(
    [property: Description("When it began to fail; null if it does not."), DataType(DataType.DateTime)]
        string? BrokenSince,
    [property: Description("A letter for each quarter of an hour of the last day, the present one last.")]
        string Quarters,
    [property: Description("The last events, oldest first.")] IReadOnlyList<EventBody> Events
);

/// <summary>Something that happened to a connection.</summary>
internal sealed record EventBody(
    [property: Description("When it happened."), DataType(DataType.DateTime)] string At,
    [property: Description("renewed, signed-out, failed or refused.")] string Outcome,
    [property: Description("timer, caller, refresh, enrolment, sign-out or unknown.")] string Cause
)
{
    [Description("The problem type, if it is a failure.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Problem { get; init; }

    [Description("Who caused it, if that is known.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; init; }
}

/// <summary>The status of one connection.</summary>
internal sealed record ConnectionStatusBody(
    [property: Description("The vendor.")] string Vendor,
    [property: Description("The connection.")] string Connection,
    [property: Description("The state in one word."), JsonConverter(typeof(KebabCaseEnum<ConnectionHealth>))]
        ConnectionHealth State,
    [property: Description("The state in one sentence.")] string Summary
)
{
    [Description("When the newest token was issued."), DataType(DataType.DateTime)]
    public required string? IssuedAt { get; init; }

    [Description("When the token becomes due for renewal."), DataType(DataType.DateTime)]
    public required string? RenewFrom { get; init; }

    [Description("When the token expires."), DataType(DataType.DateTime)]
    public required string? ExpiresAt { get; init; }

    [Description("Identifies the token without revealing it.")]
    public required string? Fingerprint { get; init; }

    [Description("The URL of the vendor's API."), DisplayName("Base URL"), Url]
    public required string? BaseUrl { get; init; }

    [Description("When a sign-in last succeeded."), DataType(DataType.DateTime)]
    public required string? LastSuccess { get; init; }

    [Description("Why the last attempt failed; null if it succeeded.")]
    public required FailureBody? LastFailure { get; init; }

    [Description("How many attempts have failed since the last success."), DisplayName("Failures in a row")]
    public required int FailuresInRow { get; init; }

    [Description("When the next attempt is allowed."), DataType(DataType.DateTime)]
    public required string? NextAttempt { get; init; }

    [Description("When the secret or certificate expires."), DataType(DataType.DateTime)]
    public required string? CredentialExpiresAt { get; init; }

    [Description("When an operator signed it out."), DataType(DataType.DateTime)]
    public required string? SignedOutAt { get; init; }

    [Description("Whether the connection can be enrolled with a one-time code.")]
    public required bool CanEnrol { get; init; }

    [Description("What happened to it lately; only if that was asked for.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ConnectionHistoryBody? History { get; init; }
}

/// <summary>Why the last attempt failed.</summary>
internal sealed record FailureBody(
    [property: Description("When it failed."), DataType(DataType.DateTime)] string? At,
    [property: Description("The problem type, as replies name it.")] string Type,
    [property: Description("The problem in words.")] string Title,
    [property: Description("What is wrong and how to fix it.")] string Detail,
    [property: Description("The HTTP status from the vendor or the vault."), DisplayName("HTTP status")]
        int? HttpStatus,
    [property: Description("The vendor's error code (RFC 6749)."), DisplayName("OAuth error")] string? OauthError
);

/// <summary>A secret that should define a connection.</summary>
internal sealed record UnreadableBody(
    [property: Description("The name of the secret.")] string Secret,
    [property: Description("What is wrong with it.")] string Detail
);

/// <summary>The 200 of Health.</summary>
internal sealed record HealthBody([property: Description("Whether the service is running.")] bool Alive);

/// <summary>The 200 of Connections.</summary>
internal sealed record ConnectionsBody(
    [property: Description("The connections, by vendor and name.")] IReadOnlyList<ConnectionBody> Connections,
    [property: Description("The vendors of these connections, by name.")] IReadOnlyList<VendorBody> Vendors
);

/// <summary>The names of one vendor.</summary>
internal sealed record VendorBody(
    [property: Description("The vendor.")] string Vendor,
    [property: Description("What people call it.")] string DisplayName
);

/// <summary>The names of one connection.</summary>
internal sealed record ConnectionBody(
    [property: Description("The vendor.")] string Vendor,
    [property: Description("The connection.")] string Connection,
    [property: Description("Both, as vendor/connection.")] string Name
);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StatusBody))]
[JsonSerializable(typeof(HealthBody))]
[JsonSerializable(typeof(ConnectionsBody))]
internal sealed partial class StatusJson : JsonSerializerContext;
