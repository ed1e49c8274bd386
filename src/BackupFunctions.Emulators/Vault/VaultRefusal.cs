namespace BackupFunctions.Emulators;

/// <summary>
/// The service's refusals in its own words (learn.microsoft.com, "Azure Key Vault REST API error
/// codes", and replies quoted in the issue trackers of Azure/azure-sdk-for-net and Azure/azure-powershell).
/// </summary>
internal static class VaultRefusal
{
    public static VaultRefusalException BadParameter(string message) =>
        new(StatusCodes.Status400BadRequest, "BadParameter", message);

    public static VaultRefusalException NotFound(string id) =>
        new(
            StatusCodes.Status404NotFound,
            "SecretNotFound",
            $"A secret with (name/id) {id} was not found in this key vault. If you recently deleted "
                + "this secret you may be able to recover it using the correct recovery command. For "
                + "help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182"
        );

    public static VaultRefusalException DeletedNotFound(string name) =>
        new(StatusCodes.Status404NotFound, "SecretNotFound", $"Deleted Secret not found: {name}");

    public static VaultRefusalException Disabled() =>
        new(
            StatusCodes.Status403Forbidden,
            "Forbidden",
            "Operation get is not allowed on a disabled secret.",
            "SecretDisabled"
        );

    public static VaultRefusalException Forbidden(string action) =>
        new(
            StatusCodes.Status403Forbidden,
            "Forbidden",
            "Caller is not authorized to perform action on resource.\r\n"
                + "If role assignments, deny assignments or role definitions were changed recently, "
                + "please observe propagation time.\r\n"
                + $"Action: 'Microsoft.KeyVault/vaults/secrets/{action}'\r\n"
                + "Assignment: (not found)\r\nDecisionReason: 'DeniedWithNoValidRBAC' \r\n",
            "ForbiddenByRbac"
        );

    public static VaultRefusalException DeletedButRecoverable(string name) =>
        Conflict(
            $"Secret {name} is currently in a deleted but recoverable state, and its name cannot be reused; "
                + "in this state, the secret can only be recovered or purged.",
            "ObjectIsDeletedButRecoverable"
        );

    public static VaultRefusalException BeingDeleted(string name) =>
        Conflict(
            $"Secret {name} is currently being deleted and cannot be re-created; retry later.",
            "ObjectIsBeingDeleted"
        );

    public static VaultRefusalException BeingRecovered(string name) =>
        Conflict(
            $"Secret {name} is currently being recovered and cannot be re-created; retry later.",
            "ObjectIsBeingRecovered"
        );

    private static VaultRefusalException Conflict(string message, string innerCode) =>
        new(StatusCodes.Status409Conflict, "Conflict", message, innerCode);
}
