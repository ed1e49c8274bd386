using BackupFunctions.Connections;
using BackupFunctions.Tokens;
using BackupFunctions.Web.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Web.Audit;

/// <summary>
/// Puts on record who got which token, and what operators did: one event each, in a log category of its own that nobody samples
/// away (docs/access.md).
/// </summary>
/// <param name="logs">Where the category is logged.</param>
public sealed class AuditTrail(ILoggerFactory logs)
{
    /// <summary>The log category.</summary>
    public const string Category = "BackupFunctions.Audit";

    private const int LongestPath = 200;

    private readonly ILogger _logger = logs.CreateLogger(Category);

    /// <summary>A token was handed out.</summary>
    /// <param name="caller">To whom.</param>
    /// <param name="connection">Whose token.</param>
    /// <param name="token">Which one.</param>
    /// <param name="tenant">The customer tenant that it is scoped to; null for the connection's own.</param>
    public void HandedOut(Caller caller, ConnectionKey connection, AccessToken token, Guid? tenant) =>
        AuditLog.HandedOut(
            _logger,
            caller.Kind,
            caller.Id,
            caller.Name,
            caller.Application,
            token.Fingerprint,
            connection,
            tenant,
            token.ExpiresAt
        );

    /// <summary>An operator signed a connection in now.</summary>
    /// <param name="caller">Who.</param>
    /// <param name="connection">Which connection.</param>
    /// <param name="outcome"><c>ok</c>, or the name of the problem type.</param>
    /// <param name="fingerprint">The new token; null if there is none.</param>
    public void Refreshed(Caller caller, ConnectionKey connection, string outcome, string? fingerprint) =>
        AuditLog.Refreshed(
            _logger,
            caller.Kind,
            caller.Id,
            caller.Name,
            caller.Application,
            connection,
            outcome,
            fingerprint
        );

    /// <summary>An operator enrolled a connection with a one-time code.</summary>
    /// <param name="caller">Who.</param>
    /// <param name="connection">Which connection.</param>
    /// <param name="outcome"><c>ok</c>, or the name of the problem type.</param>
    /// <param name="fingerprint">The new token; null if there is none.</param>
    public void Enrolled(Caller caller, ConnectionKey connection, string outcome, string? fingerprint) =>
        AuditLog.Enrolled(
            _logger,
            caller.Kind,
            caller.Id,
            caller.Name,
            caller.Application,
            connection,
            outcome,
            fingerprint
        );

    /// <summary>An operator signed a connection out.</summary>
    /// <param name="caller">Who.</param>
    /// <param name="connection">Which connection.</param>
    /// <param name="outcome"><c>ok</c>, or the name of the problem type.</param>
    public void Revoked(Caller caller, ConnectionKey connection, string outcome) =>
        AuditLog.Revoked(_logger, caller.Kind, caller.Id, caller.Name, caller.Application, connection, outcome);

    /// <summary>An operator had connections checked.</summary>
    /// <param name="caller">Who.</param>
    /// <param name="subject">What was checked: <c>all</c>, a vendor, or a connection.</param>
    /// <param name="signsIn">Whether sign-ins were part of it.</param>
    public void Checked(Caller caller, string subject, bool signsIn) =>
        AuditLog.Checked(_logger, caller.Kind, caller.Id, caller.Name, caller.Application, subject, signsIn);

    /// <summary>A caller was refused.</summary>
    /// <param name="caller">Who.</param>
    /// <param name="path">What they asked for; without the query, which may hold a key.</param>
    /// <param name="needed">What it needs.</param>
    /// <param name="reason">The name of the problem type.</param>
    internal void Refused(Caller caller, PathString path, Permission needed, string reason) =>
        AuditLog.Refused(
            _logger,
            caller.Kind,
            caller.Id,
            caller.Name,
            caller.Application,
            Shown(path.ToUriComponent()),
            reason,
            needed.Roles
        );

    // Escaped, so without line breaks.
    private static string Shown(string path) => path.Length <= LongestPath ? path : path[..LongestPath];
}
