namespace BackupFunctions.Browser.Tests;

/// <summary>Why the last attempt failed, as GET /api/status tells of it.</summary>
internal sealed record FactFailure(
    string? At,
    string Name,
    string Title,
    string Detail,
    int? HttpStatus,
    string? OauthError
)
{
    public string Type => $"urn:backupfunctions:problem:{Name}";
}
