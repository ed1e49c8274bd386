namespace BackupFunctions.Web.Api;

/// <summary>All operations, in the order in which the document tells of them.</summary>
public static class Operations
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Operation> All { get; } =
    [
        TokenOperations.GetToken,
        TokenOperations.Refresh,
        TokenOperations.Enroll,
        TokenOperations.Revoke,
        StatusOperations.Connections,
        StatusOperations.Status,
        StatusOperations.StatusPage,
        StatusOperations.Health,
        StatusOperations.Check,
        StatusOperations.Document,
    ];
}
