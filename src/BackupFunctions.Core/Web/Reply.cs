using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using BackupFunctions.Broker;
using BackupFunctions.Check;
using BackupFunctions.Connections;
using BackupFunctions.Problems;
using BackupFunctions.Renewal;
using BackupFunctions.Status;
using BackupFunctions.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace BackupFunctions.Web;

/// <summary>A reply of this app: bytes that are never cached.</summary>
internal sealed class Reply : IResult
{
    /// <summary>RFC 9457 section 3.</summary>
    public const string ProblemMediaType = "application/problem+json";

    // A '+' in a token stays a '+': no reply is ever put into a page.
    private static readonly ReplyJson Json = new(
        new JsonSerializerOptions(ReplyJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
    );

    private readonly int _status;
    private readonly string _contentType;
    private readonly byte[] _body;
    private readonly TimeSpan? _retryAfter;
    private string? _challenge;

    private Reply(int status, string contentType, byte[] body, TimeSpan? retryAfter = null)
    {
        _status = status;
        _contentType = contentType;
        _body = body;
        _retryAfter = retryAfter;
    }

    /// <summary><c>ok</c>, or the name of the problem type.</summary>
    public string Outcome { get; private init; } = OutcomeName.Ok;

    /// <summary>A token and its metadata.</summary>
    public static Reply OfToken(Connection connection, AccessToken token, DateTimeOffset now) =>
        Of(
            new TokenBody(
                connection.Key.Vendor,
                connection.Key.Connection,
                "Bearer",
                token.Reveal(),
                $"Bearer {token.Reveal()}",
                ExpiresIn(token, now),
                ExpiresAt(token),
                BaseUrl(connection),
                token.Fingerprint,
                connection.Headers,
                connection.Vendor.RejectedStatuses
            ),
            Json.TokenBody
        );

    /// <summary>The bare token.</summary>
    public static Reply OfBareToken(AccessToken token) =>
        new(StatusCodes.Status200OK, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(token.Reveal()));

    /// <summary>The metadata of a new token, without the token.</summary>
    public static Reply OfRefresh(Connection connection, AccessToken token, DateTimeOffset now) =>
        Of(
            new RefreshBody(
                connection.Key.Vendor,
                connection.Key.Connection,
                ExpiresIn(token, now),
                ExpiresAt(token),
                BaseUrl(connection),
                token.Fingerprint
            ),
            Json.RefreshBody
        );

    /// <summary>The result of a sign-out.</summary>
    public static Reply OfSignOut(Connection connection, SignOutReport report) =>
        Of(
            new SignOutBody(
                connection.Key.Vendor,
                connection.Key.Connection,
                HealthName.Of(ConnectionHealth.SignedOut),
                report.EndedAtVendor,
                report.Detail
            ),
            Json.SignOutBody
        );

    /// <summary>A check's report.</summary>
    public static Reply OfCheck(CheckReport report) =>
        new(StatusCodes.Status200OK, "application/json", CheckJson.Write(report));

    /// <summary>A problem (RFC 9457).</summary>
    public static Reply OfProblem(
        ProblemType type,
        string detail,
        string? vendor = null,
        string? connection = null,
        TokenFailure? failure = null
    ) =>
        new(
            type.Status,
            ProblemMediaType,
            JsonSerializer.SerializeToUtf8Bytes(
                new ProblemBody(type.Uri, type.Title, type.Status, detail, vendor, connection, failure?.OAuthError),
                Json.ProblemBody
            ),
            RetryAfter(type, failure)
        )
        {
            Outcome = type.Name,
        };

    /// <summary>The gate does not admit the request.</summary>
    /// <param name="type">Why.</param>
    /// <param name="detail">What the caller can do.</param>
    /// <param name="challenge">How the caller would authenticate.</param>
    public static Reply OfRefusal(ProblemType type, string detail, string challenge)
    {
        var reply = OfProblem(type, detail);
        reply._challenge = type.Status == StatusCodes.Status401Unauthorized ? challenge : null;
        return reply;
    }

    /// <summary>A parameter of a request for a connection is not valid.</summary>
    public static Reply OfInvalidParameter(Connection connection, string finding) =>
        OfProblem(ProblemType.InvalidParameter, finding, connection.Vendor.Name, connection.Key.Connection);

    /// <summary>There is no vendor of that name.</summary>
    public static Reply OfUnknownVendor(ConnectionDirectory directory, string name, string? connection = null) =>
        OfProblem(
            ProblemType.UnknownVendor,
            $"The vendors are {string.Join(", ", directory.Vendors.Select(vendor => vendor.Name))}.",
            SafeName.Of(name),
            connection
        );

    /// <summary>A fault in this program; the log has the exception.</summary>
    public static Reply OfFault(string? vendor = null, string? connection = null) =>
        OfProblem(ProblemType.InternalError, "The exception is in the log of this service.", vendor, connection);

    /// <summary>The outcome of a request for metrics and the audit log.</summary>
    public static string OutcomeOf(IResult result) => (result as Reply)?.Outcome ?? OutcomeName.Gone;

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = _status;
        response.ContentType = _contentType;
        response.ContentLength = _body.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.Vary = HeaderNames.Accept;
        if (_challenge is not null)
        {
            // RFC 9110 section 15.5.2: a 401 contains a challenge.
            response.Headers.WWWAuthenticate = _challenge;
        }

        if (_retryAfter is { } wait)
        {
            // RFC 9110 section 10.2.3: whole seconds; rounded up, so that no caller retries too early.
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds))
                .ToString(CultureInfo.InvariantCulture);
        }

        if (!HttpMethods.IsHead(httpContext.Request.Method))
        {
            await response.Body.WriteAsync(_body, httpContext.RequestAborted);
        }
    }

    /// <summary>A reply of another shape.</summary>
    public static Reply Of<T>(T body, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK) =>
        new(status, "application/json", JsonSerializer.SerializeToUtf8Bytes(body, type));

    /// <summary>
    /// RFC 6749 section 5.1: whole seconds; rounded down, so that no caller expects more than is left.
    /// </summary>
    private static long ExpiresIn(AccessToken token, DateTimeOffset now) =>
        Math.Max(0, (long)(token.ExpiresAt - now).TotalSeconds);

    private static TimeSpan? RetryAfter(ProblemType type, TokenFailure? failure)
    {
        if (type.Status != StatusCodes.Status503ServiceUnavailable)
        {
            return null;
        }

        return failure?.RetryAfter ?? BackOff.Shortest;
    }

    private static string ExpiresAt(AccessToken token) => Instant(token.ExpiresAt)!;

    /// <summary>An instant on the wire: ISO 8601, UTC, whole seconds.</summary>
    public static string? Instant(DateTimeOffset? instant) =>
        instant?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The URL of a connection's API on the wire: without a slash at the end.</summary>
    public static string? BaseUrl(Connection connection) => connection.BaseUrl?.AbsoluteUri.TrimEnd('/');
}
