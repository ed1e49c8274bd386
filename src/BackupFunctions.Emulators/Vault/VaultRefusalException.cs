namespace BackupFunctions.Emulators;

/// <summary>The vault's refusal, in the service's own words.</summary>
public sealed class VaultRefusalException : Exception
{
    internal VaultRefusalException(int status, string code, string message, string? innerCode = null)
        : base(message) => (Status, Code, InnerCode) = (status, code, innerCode);

    /// <summary>The HTTP status.</summary>
    public int Status { get; }

    /// <summary>The error's code, for example <c>SecretNotFound</c>.</summary>
    public string Code { get; }

    /// <summary>The inner error's code, for example <c>SecretDisabled</c>.</summary>
    public string? InnerCode { get; }
}
