using System.Text.Json;
using BackupFunctions.Json;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;

namespace BackupFunctions.SignIn.Replies;

/// <summary>A 2xx reply of a token endpoint. <see cref="ToGrant"/> checks whether it holds a token.</summary>
/// <param name="body">What came.</param>
/// <param name="vendor">The vendor that sent it.</param>
/// <param name="sentAt">When the request was sent, on our clock.</param>
/// <param name="vendorTime">The time of the reply on the vendor's clock; null for ours.</param>
/// <param name="server">The endpoint, as messages name it.</param>
internal sealed class TokenReply(
    ReplyBody body,
    VendorProfile vendor,
    DateTimeOffset sentAt,
    DateTimeOffset? vendorTime,
    string server
)
{
    /// <summary>The reply's JSON; null if it is not JSON.</summary>
    public JsonElement? Json => body.Json;

    /// <summary>When the request was sent.</summary>
    public DateTimeOffset SentAt => sentAt;

    /// <summary>
    /// Reads the token: a non-empty <c>access_token</c> with a positive lifetime. Unknown fields are ignored (RFC 6749
    /// section 5.1).
    /// </summary>
    /// <param name="refreshTokenLifetime">How long a refresh token lives, if the vendor documents it.</param>
    /// <exception cref="TokenException"><see cref="FailureKind.VendorReplyUnusable"/>: it holds no token.</exception>
    public TokenGrant ToGrant(TimeSpan? refreshTokenLifetime = null)
    {
        if (body.Kind != BodyKind.Json)
        {
            var what = body.Kind == BodyKind.BrokenJson ? body.Words : $"{body.Words}, not JSON";
            throw Unusable($"is {what}", body.Remedy);
        }

        if (Json is not { ValueKind: JsonValueKind.Object })
        {
            throw Unusable("is not a JSON object");
        }

        if (Json.Text(vendor.Reply.AccessToken) is not { } accessToken || !AccessToken.IsPresentable(accessToken))
        {
            throw Unusable("has no usable access_token");
        }

        // RFC 6749 section 7.1: compared without case.
        if (Json.Text("token_type") is { } type && !type.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
        {
            throw Unusable("has a token_type other than Bearer");
        }

        if (TokenLifetime.Lifetime(Json, vendor, accessToken, sentAt, vendorTime) is not { } lifetime)
        {
            throw Unusable("states no lifetime that can be true");
        }

        if (lifetime <= TimeSpan.Zero)
        {
            throw Unusable("holds a token that has already expired");
        }

        var token = new AccessToken(accessToken, ReadScope(), sentAt, sentAt + lifetime);
        return new TokenGrant(token, RefreshToken(refreshTokenLifetime));
    }

    /// <summary>
    /// The refresh token in the reply, which is of use even without an access token; null if there is none.
    /// </summary>
    /// <param name="lifetime">How long it lives, if the vendor documents it.</param>
    public RefreshToken? RefreshToken(TimeSpan? lifetime) =>
        Json is { ValueKind: JsonValueKind.Object } && Json.Text("refresh_token") is { } value
            ? new RefreshToken(value, sentAt, sentAt + lifetime)
            : null;

    /// <summary>The failure of a reply that cannot be used.</summary>
    public TokenException Unusable(string what, string? remedy = null) =>
        new(
            new TokenFailure(FailureKind.VendorReplyUnusable, $"The reply of {server} {what}.")
            {
                Remedy = remedy,
                HttpStatus = 200,
                MayHaveReachedVendor = true,
            }
        );

    // RFC 6749 section 3.3 has printable ASCII alone. What else comes is no scope: as a tag it could keep the vault
    // from taking a good token.
    private string? ReadScope() =>
        Json.Text("scope") is { } scope && scope.All(character => character is >= ' ' and <= '~') ? scope : null;
}
