using BackupFunctions.Connections;
using BackupFunctions.Settings;
using BackupFunctions.SignIn;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;

namespace BackupFunctions.Benchmarks.WarmHits;

/// <summary>A vendor in this process that grants at once: tokens as long as a typical JWT, valid for a day.</summary>
internal sealed class NearVendor(TimeProvider time) : IVendor
{
    public const int TokenLength = 1_000;

    private int _granted;

    public string Name => "near";

    public string SettingsName => "Near";

    public Connection? ReadConnection(ConnectionSettings settings) => throw new NotSupportedException();

    public Task<TokenGrant> SignInAsync(SignInContext signIn, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return Task.FromResult(
            new TokenGrant(
                new AccessToken(NewToken(Interlocked.Increment(ref _granted)), scope: null, now, now.AddDays(1))
            )
        );
    }

    /// <summary>A string of a token's length, different for each number.</summary>
    public static string NewToken(int number) => $"{number}.".PadRight(TokenLength, 'x');
}
