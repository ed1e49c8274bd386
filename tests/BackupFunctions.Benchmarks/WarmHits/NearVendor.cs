using BackupFunctions.Connections;
using BackupFunctions.Credentials;
using BackupFunctions.SignIn;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;

namespace BackupFunctions.Benchmarks.WarmHits;

/// <summary>A vendor in this process that grants tokens at once: as long as a usual JWT, and valid for a day.</summary>
internal sealed class NearVendor(TimeProvider time) : IVendorClient
{
    public const int TokenLength = 1_000;

    private int _granted;

    public static VendorProfile Profile { get; } =
        new()
        {
            Name = "near",
            DisplayName = "Near",
            SettingsName = "Near",
            Server = new UrlSetting("Server", "a URL"),
            Flow = new ClientCredentialsFlow
            {
                Authentication = ClientAuthentication.Body,
                ClientIdDescription = "an id",
            },
        };

    /// <summary>One of many connections.</summary>
    public static Connection Connection(int number) => Connection(number, api: null);

    /// <summary>One of many connections, with an API.</summary>
    public static Connection Connection(int number, Uri? api) =>
        new()
        {
            Vendor = Profile,
            Key = new ConnectionKey(Profile.Name, $"c{number}"),
            Server = new Uri("https://near.example"),
            Credential = new CredentialName($"near-c{number}-client-secret"),
            TokenSecretName = $"near-c{number}-access-token",
            BaseUrl = api,
        };

    public Task<TokenGrant> SignInAsync(SignInContext context, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var value = NewToken(Interlocked.Increment(ref _granted));
        return Task.FromResult(new TokenGrant(new AccessToken(value, scope: null, now, now.AddDays(1))));
    }

    public Task<bool> EndSessionAsync(SignInContext context, AccessToken? token, CancellationToken cancellationToken) =>
        Task.FromResult(false);

    public Task<AccessToken> GetTenantTokenAsync(
        Connection connection,
        AccessToken baseToken,
        Guid tenant,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    /// <summary>A text of a token's length, different for each number.</summary>
    public static string NewToken(int number) => $"{number}.".PadRight(TokenLength, 'x');
}
