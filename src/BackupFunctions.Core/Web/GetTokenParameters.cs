using System.Globalization;
using BackupFunctions.Broker;
using BackupFunctions.Renewal;
using BackupFunctions.Tokens;
using BackupFunctions.Web.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace BackupFunctions.Web;

/// <summary>The query of GetToken.</summary>
/// <param name="Query">The request to the broker.</param>
/// <param name="Tenant">The customer tenant that the token is for; null for the connection's own token.</param>
internal sealed record GetTokenParameters(TokenRequest Query, Guid? Tenant)
{
    private const string MinimumLifetime = "minimumLifetime";
    private const string Rejected = "rejected";
    private const string Refresh = "refresh";
    private const string TenantName = "tenant";

    /// <summary>The parameters that the OpenAPI document describes.</summary>
    public static IReadOnlyList<OperationParameter> All { get; } =
    [
        new(
            Rejected,
            "The fingerprint of a token that the vendor did not accept: it is renewed and never returned again."
        )
        {
            Pattern = "^[0-9A-Fa-f]{16}$",
        },
        new(MinimumLifetime, "How many whole seconds the token must still be valid.")
        {
            Type = typeof(int),
            Default = (int)TokenRequirement.DefaultMinimumLifetime.TotalSeconds,
            Range = (0, (int)TokenRequest.LongestMinimumLifetime.TotalSeconds),
        },
        new(Refresh, "Renew now, unless the token is younger than 30 seconds.")
        {
            Type = typeof(bool),
            Default = false,
        },
        new(TenantName, "The UUID of a customer tenant to scope the token to (Acronis only).") { Type = typeof(Guid) },
    ];

    /// <summary>Most requests have no query.</summary>
    private static readonly GetTokenParameters Default = new(new TokenRequest(), Tenant: null);

    /// <summary>Reads the query; null, with a finding, if it is not valid.</summary>
    public static GetTokenParameters? Read(HttpRequest request, out string finding)
    {
        if (!request.QueryString.HasValue)
        {
            finding = "";
            return Default;
        }

        var query = request.Query;
        if (Minimum(query[MinimumLifetime]) is not { } minimum)
        {
            finding = "minimumLifetime must be a whole number of seconds from 0 to 86400, for example 600.";
        }
        else if (!TryFingerprint(query[Rejected], out var rejected))
        {
            finding = "rejected must be the fingerprint of a token as in the reply: 16 hex digits.";
        }
        else if (!TryFlag(query[Refresh], byDefault: false, out var refresh))
        {
            finding = "refresh must be true or false.";
        }
        else if (!TryUuid(query[TenantName], out var tenant))
        {
            finding = "tenant must be a UUID, for example 8a3f3c0e-52a5-4d2b-9d0a-5b1e0c6f2a11.";
        }
        else
        {
            finding = "";
            return new GetTokenParameters(
                new TokenRequest
                {
                    MinimumLifetime = minimum,
                    Rejected = rejected,
                    Refresh = refresh,
                },
                tenant
            );
        }

        return null;
    }

    /// <summary>Whether the caller prefers the bare token: text/plain before JSON (RFC 9110 section 12.5.1).</summary>
    public static bool WantsBareToken(HttpRequest request)
    {
        var accept = request.Headers.Accept;
        return accept.Count > 0
            && MediaTypeHeaderValue.TryParseList(accept, out var accepted)
            && Quality(accepted, "text/plain") > Quality(accepted, "application/json");
    }

    private static double Quality(IList<MediaTypeHeaderValue> accepted, string type)
    {
        // The charset and other parameters of a range do not matter here.
        var best = accepted.Where(range => range.MatchesMediaType(type)).MaxBy(Specificity);
        return best is null ? 0 : best.Quality ?? 1;
    }

    private static int Specificity(MediaTypeHeaderValue range)
    {
        if (range.MatchesAllTypes)
        {
            return 0;
        }

        return range.MatchesAllSubTypes ? 1 : 2;
    }

    private static TimeSpan? Minimum(StringValues values)
    {
        if (values.Count == 0)
        {
            return TokenRequirement.DefaultMinimumLifetime;
        }

        if (!int.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return null;
        }

        var minimum = TimeSpan.FromSeconds(seconds);
        return minimum <= TokenRequest.LongestMinimumLifetime ? minimum : null;
    }

    private static bool TryFingerprint(StringValues values, out string? fingerprint)
    {
        fingerprint = values.Count == 0 ? null : values[0]?.ToLowerInvariant();
        if (values.Count == 0)
        {
            return true;
        }

        return values.Count == 1 && fingerprint is not null && Fingerprint.IsWellFormed(fingerprint);
    }

    /// <summary>Reads true or false; the default if it is absent.</summary>
    internal static bool TryFlag(StringValues values, bool byDefault, out bool flag)
    {
        flag = byDefault;
        return values.Count == 0 || (values.Count == 1 && bool.TryParse(values[0], out flag));
    }

    private static bool TryUuid(StringValues values, out Guid? uuid)
    {
        uuid = values.Count == 1 && Guid.TryParseExact(values[0], "D", out var parsed) ? parsed : null;
        return values.Count == 0 || uuid is not null;
    }
}
