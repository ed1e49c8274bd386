using Azure.Core;

namespace BackupFunctions.Testing;

/// <summary>A credential whose token the emulated vault accepts, as it accepts any.</summary>
public sealed class AnyTokenCredential : TokenCredential
{
    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        new("any", DateTimeOffset.MaxValue);

    public override ValueTask<AccessToken> GetTokenAsync(
        TokenRequestContext requestContext,
        CancellationToken cancellationToken
    ) => ValueTask.FromResult(GetToken(requestContext, cancellationToken));
}
