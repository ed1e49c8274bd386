using System.Globalization;
using System.Text.Json.Serialization;

namespace BackupFunctions.Browser.Tests;

/// <summary>One connection as GET /api/status tells of it.</summary>
internal sealed record Fact(string Vendor, string Connection, string State)
{
    /// <summary>The service's now.</summary>
    public static DateTimeOffset Now { get; } = new(2026, 11, 24, 23, 30, 0, TimeSpan.Zero);

    public string Summary { get; init; } = "Has a token.";

    public string? IssuedAt { get; init; }

    public string? RenewFrom { get; init; }

    public string? ExpiresAt { get; init; }

    public string? Fingerprint { get; init; }

    public string? BaseUrl { get; init; }

    public string? LastSuccess { get; init; }

    public FactFailure? LastFailure { get; init; }

    public int FailuresInRow { get; init; }

    public string? NextAttempt { get; init; }

    public string? CredentialExpiresAt { get; init; }

    public string? SignedOutAt { get; init; }

    public bool CanEnrol { get; init; }

    /// <summary>What happened to it; where a test says nothing it follows from the state.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FactHistory? History { get; init; }

    public string Key => $"{Vendor}/{Connection}";

    /// <summary>
    /// So many minutes from now, and half a minute: what the page says of it does not change while a test looks.
    /// </summary>
    public static string In(double minutes) =>
        Now.AddMinutes(minutes + 0.5).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>So many minutes ago, and half a minute.</summary>
    public static string Ago(double minutes) => In(-minutes - 1);

    public static Fact Healthy(string vendor, string connection) =>
        new(vendor, connection, "healthy")
        {
            Summary = "The token is valid for 1 h 20 min.",
            IssuedAt = Ago(40),
            RenewFrom = In(65),
            ExpiresAt = In(80),
            Fingerprint = "9f86d081884c7d65",
            BaseUrl = $"https://{vendor}.example",
            LastSuccess = Ago(40),
        };

    public static Fact Refused(string vendor, string connection) =>
        new(vendor, connection, "refused")
        {
            Summary = "The vendor refused the credentials, and an operator must act; there is no usable token.",
            LastFailure = new(
                Ago(3),
                "credentials-refused",
                "The vendor refused the credentials",
                "The client is disabled.",
                401,
                "invalid_client"
            ),
            FailuresInRow = 3,
            NextAttempt = In(52),
            CredentialExpiresAt = In(12 * 24 * 60),
        };

    /// <summary>One in each state.</summary>
    public static IReadOnlyList<Fact> Each { get; } =
    [
        Healthy("acronis", "default") with
        {
            CredentialExpiresAt = In(200 * 24 * 60),
        },
        Healthy("acronis-cyberapp", "default") with
        {
            State = "renewing",
            IssuedAt = Ago(90),
            RenewFrom = Ago(10),
            ExpiresAt = In(20),
        },
        Refused("avepoint", "contoso"),
        Healthy("backupnet", "default") with
        {
            State = "backing-off",
            IssuedAt = Ago(130),
            RenewFrom = Ago(40),
            ExpiresAt = Ago(10),
            FailuresInRow = 4,
            NextAttempt = In(3),
            LastFailure = new(
                Ago(2),
                "vendor-unavailable",
                "The vendor is unavailable",
                "It answered 503 three times.",
                503,
                null
            ),
        },
        new("veeam", "berlin", "enrolment-needed")
        {
            CanEnrol = true,
            LastFailure = new(
                Ago(5),
                "enrolment-needed",
                "The account must be enrolled with a one-time code",
                "The account has MFA, and no TOTP secret is named.",
                null,
                null
            ),
        },
        new("veeam", "paris", "signed-out")
        {
            CanEnrol = true,
            SignedOutAt = Ago(190),
            Summary = "An operator signed the connection out.",
        },
        new("veeam", "wien", "never") { CanEnrol = true, Summary = "No token has been obtained yet." },
    ];

    /// <summary>Many, nearly all well, as it is with a provider of thousands of customers.</summary>
    public static IReadOnlyList<Fact> Many(int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(index =>
                    (index % 97) switch
                    {
                        0 => Refused(VendorOf(index, count), $"customer{index:0000}"),
                        _ => Healthy(VendorOf(index, count), $"customer{index:0000}") with
                        {
                            Fingerprint = (index * 2654435761L).ToString("x16", CultureInfo.InvariantCulture),
                        },
                    }
                ),
        ];

    private static string VendorOf(int index, int count) =>
        new[] { "acronis", "acronis-cyberapp", "avepoint", "backupnet", "veeam" }[index * 5 / count];
}
