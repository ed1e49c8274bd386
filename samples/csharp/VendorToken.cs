using System.Net.Http.Headers;

namespace BackupFunctions.Samples;

/// <summary>A bearer token that lives, and what it is for.</summary>
/// <param name="Vendor">Whose it is.</param>
/// <param name="Connection">Of which account there.</param>
/// <param name="Authorization">The header that carries it.</param>
/// <param name="BaseUrl">Where the vendor's API is; null where the app does not know, as for AvePoint without <c>ApiUrl</c>.</param>
/// <param name="Fingerprint">Names the token without showing it.</param>
/// <param name="Headers">What every call of the API needs besides <paramref name="Authorization"/>.</param>
/// <param name="RejectedStatuses">With which the API says that it does not accept the token.</param>
public sealed record VendorToken(
    string Vendor,
    string Connection,
    AuthenticationHeaderValue Authorization,
    Uri? BaseUrl,
    string Fingerprint,
    IReadOnlyDictionary<string, string> Headers,
    IReadOnlyList<int> RejectedStatuses
)
{
    /// <summary>Never the token: records print all that they hold.</summary>
    public override string ToString() => $"[token {Fingerprint} of {Vendor}/{Connection}]";
}
