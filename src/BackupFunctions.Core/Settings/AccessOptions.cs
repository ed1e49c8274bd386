namespace BackupFunctions.Settings;

/// <summary>What callers need.</summary>
public enum Admission
{
    /// <summary>Nothing: this is LocalHost, and every caller is at the same machine.</summary>
    Everyone,

    /// <summary>A function key, which the platform checks.</summary>
    Keys,

    /// <summary>A function key, and an app role of Entra ID.</summary>
    KeysAndAppRoles,

    /// <summary>An app role of Entra ID. The functions have no keys.</summary>
    AppRoles,
}

/// <summary>How callers are admitted (<c>Access:…</c>).</summary>
/// <param name="Admission">What callers need.</param>
/// <param name="ClientId">
/// The client id of the app registration that callers request a token for (<c>Access:ClientId</c>); null if it is not
/// known.
/// </param>
public sealed record AccessOptions(Admission Admission, string? ClientId = null)
{
    /// <summary>Whether callers need app roles.</summary>
    public bool RequiresAppRoles => Admission is Admission.KeysAndAppRoles or Admission.AppRoles;

    /// <summary>What callers request a token for; null if it is not known.</summary>
    public string? Audience => ClientId is null ? null : $"api://{ClientId}";
}
