namespace BackupFunctions.Vendors;

/// <summary>
/// Where a token reply has its fields: names, parted by slashes where objects are nested, as in
/// <c>tokens/access/token</c>.
/// </summary>
public sealed record ReplyFields
{
    /// <summary>The access token (RFC 6749 section 5.1).</summary>
    public string AccessToken { get; init; } = "access_token";

    /// <summary>Its lifetime in seconds.</summary>
    public string ExpiresIn { get; init; } = "expires_in";

    /// <summary>Its expiry in Unix seconds, on the vendor's clock.</summary>
    public string ExpiresOn { get; init; } = "expires_on";

    /// <summary>The code of an error; a reply that has it holds no token (RFC 6749 section 5.2).</summary>
    public string Error { get; init; } = "error";
}
