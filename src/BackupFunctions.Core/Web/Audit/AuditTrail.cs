using BackupFunctions.Connections;
using BackupFunctions.Tokens;
using BackupFunctions.Web.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Web.Audit;

/// <summary>
/// Records who got which token and what operators did: one event each, in a log category of its own that is never
/// sampled (docs/access.md). A token appears only as its fingerprint.
/// </summary>
public sealed class AuditTrail(ILoggerFactory logs)
{
    /// <summary>The log category.</summary>
    public const string Category = "BackupFunctions.Audit";

    private const int LongestPath = 200;

    private readonly ILogger _logger = logs.CreateLogger(Category);

    /// <summary>A caller got a token.</summary>
    /// <param name="caller">Who got it.</param>
    /// <param name="connection">The token's connection.</param>
    /// <param name="token">The token.</param>
    /// <param name="tenant">The customer tenant that the caller asked for; null for none.</param>
    public void Issued(Caller caller, ConnectionKey connection, AccessToken token, Guid? tenant) =>
        AuditLog.Issued(
            _logger,
            token.Fingerprint,
            tenant is null ? connection.ToString() : $"{connection}, tenant {tenant}",
            caller,
            Reply.Instant(token.ExpiresAt)!,
            connection,
            tenant,
            caller.Kind,
            caller.Id,
            caller.Name,
            caller.Application
        );

    /// <summary>An operator renewed a connection's token.</summary>
    /// <param name="caller">The operator.</param>
    /// <param name="connection">The connection.</param>
    /// <param name="outcome"><c>ok</c>, or the name of the problem type.</param>
    /// <param name="fingerprint">The new token's fingerprint; null if there is none.</param>
    public void Refreshed(Caller caller, ConnectionKey connection, string outcome, string? fingerprint) =>
        AuditLog.Refreshed(
            _logger,
            connection,
            caller,
            ResultOf(outcome, fingerprint),
            outcome,
            fingerprint,
            caller.Kind,
            caller.Id,
            caller.Name,
            caller.Application
        );

    /// <summary>An operator enrolled a connection with a one-time code.</summary>
    /// <param name="caller">The operator.</param>
    /// <param name="connection">The connection.</param>
    /// <param name="outcome"><c>ok</c>, or the name of the problem type.</param>
    /// <param name="fingerprint">The new token's fingerprint; null if there is none.</param>
    public void Enrolled(Caller caller, ConnectionKey connection, string outcome, string? fingerprint) =>
        AuditLog.Enrolled(
            _logger,
            connection,
            caller,
            ResultOf(outcome, fingerprint),
            outcome,
            fingerprint,
            caller.Kind,
            caller.Id,
            caller.Name,
            caller.Application
        );

    /// <summary>An operator signed a connection out.</summary>
    /// <param name="caller">The operator.</param>
    /// <param name="connection">The connection.</param>
    /// <param name="outcome"><c>ok</c>, or the name of the problem type.</param>
    public void SignedOut(Caller caller, ConnectionKey connection, string outcome) =>
        AuditLog.SignedOut(
            _logger,
            connection,
            caller,
            outcome,
            caller.Kind,
            caller.Id,
            caller.Name,
            caller.Application
        );

    /// <summary>An operator checked connections.</summary>
    /// <param name="caller">The operator.</param>
    /// <param name="subject"><c>all</c>, a vendor, or a connection.</param>
    /// <param name="signsIn">Whether the check signs in at vendors.</param>
    public void Checked(Caller caller, string subject, bool signsIn) =>
        AuditLog.Checked(
            _logger,
            subject,
            signsIn ? "with sign-ins" : "without sign-ins",
            caller,
            signsIn,
            caller.Kind,
            caller.Id,
            caller.Name,
            caller.Application
        );

    /// <summary>An operator tried the alert webhook.</summary>
    /// <param name="caller">The operator.</param>
    /// <param name="outcome"><c>ok</c>, or the name of the problem type.</param>
    public void TestedAlerts(Caller caller, string outcome) =>
        AuditLog.TestedAlerts(_logger, caller, outcome, caller.Kind, caller.Id, caller.Name, caller.Application);

    /// <summary>A caller called a vendor's API, or tried to.</summary>
    /// <param name="caller">Who called.</param>
    /// <param name="connection">Whose token was used.</param>
    /// <param name="method">The method.</param>
    /// <param name="path">The vendor's path, without the query.</param>
    /// <param name="result">What came of it.</param>
    internal void Called(Caller caller, ConnectionKey connection, string method, string path, CallResult result) =>
        AuditLog.Called(
            _logger,
            method,
            Shorten($"/{path}"),
            connection,
            caller,
            result.Outcome,
            result.Bytes,
            (long)result.Took.TotalMilliseconds,
            result.Status,
            caller.Kind,
            caller.Id,
            caller.Name,
            caller.Application
        );

    /// <summary>A caller was refused.</summary>
    /// <param name="caller">The caller.</param>
    /// <param name="path">The requested path, without the query: that may hold a key.</param>
    /// <param name="permission">What the request needs.</param>
    /// <param name="reason">The name of the problem type.</param>
    public void Refused(Caller caller, PathString path, Permission permission, string reason) =>
        AuditLog.Refused(
            _logger,
            Shorten(path.ToUriComponent()),
            caller,
            reason,
            permission.Roles,
            caller.Kind,
            caller.Id,
            caller.Name,
            caller.Application
        );

    private static string ResultOf(string outcome, string? fingerprint) =>
        fingerprint is null ? outcome : $"{outcome}, token {fingerprint}";

    // Escaped, so without line breaks.
    private static string Shorten(string path) => path.Length <= LongestPath ? path : path[..LongestPath];
}
