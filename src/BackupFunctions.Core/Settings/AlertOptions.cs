using BackupFunctions.Tokens;

namespace BackupFunctions.Settings;

/// <summary>Where operators are told of broken connections.</summary>
/// <param name="After">How long a failure that may heal by itself lasts before they are told.</param>
internal sealed record AlertOptions(TimeSpan After)
{
    public static readonly TimeSpan DefaultAfter = TimeSpan.FromMinutes(15);

    /// <summary>The webhook's address; null where a secret holds it. Whoever knows it may post: it is a secret itself.</summary>
    public SecretText? Url { get; init; }

    /// <summary>The secret of the credential vault that holds the address; null where the setting does.</summary>
    public string? UrlSecretName { get; init; }
}
