using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Fakes;

internal static class Failing
{
    /// <summary>Asserts that the call fails for this reason.</summary>
    public static async Task<TokenFailure> With(FailureKind kind, Task<AccessToken> call)
    {
        var thrown = await Assert.ThrowsAsync<TokenException>(() => call);
        Assert.Equal(kind, thrown.Failure.Kind);
        return thrown.Failure;
    }
}
