using Azure.Core;

namespace BackupFunctions.Emulators.Tests;

/// <summary>Any token: the emulated vault asks for no more.</summary>
internal sealed class FixedTokenCredential(TimeProvider time) : TokenCredential
{
    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        new("any", time.GetUtcNow().AddYears(50));

    public override ValueTask<AccessToken> GetTokenAsync(
        TokenRequestContext requestContext,
        CancellationToken cancellationToken
    ) => ValueTask.FromResult(GetToken(requestContext, cancellationToken));
}
