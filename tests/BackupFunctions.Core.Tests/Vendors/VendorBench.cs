using BackupFunctions.Connections;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Core.Tests.SignIn;
using BackupFunctions.Settings;
using BackupFunctions.SignIn;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;
using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Core.Tests.Vendors;

/// <summary>One vendor with one connection that its own settings describe, and the stub of its server.</summary>
internal sealed class VendorBench
{
    public VendorBench(Func<Bench, IVendor> create, params (string Name, string Value)[] settings)
    {
        Vendor = create(Bench);
        Connection = Read(Vendor, settings);
    }

    public Bench Bench { get; } = new();

    public IVendor Vendor { get; }

    public Connection Connection { get; }

    public StubCredentials Credentials { get; } = new();

    public StubNetwork Network => Bench.Network;

    public IReadOnlyList<SentRequest> Sent => Network.Sent;

    public static Connection Read(IVendor vendor, params (string Name, string Value)[] settings)
    {
        var path = $"Connections:{vendor.SettingsName}:default";
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                settings.Select(setting => KeyValuePair.Create($"{path}:{setting.Name}", (string?)setting.Value))
            )
            .Build();
        var findings = new List<string>();
        var connection = vendor.ReadConnection(
            new ConnectionSettings(configuration.GetSection(path), vendor, findings)
        );
        Assert.Empty(findings);
        return connection!;
    }

    public SignInContext Begin(
        RefreshToken? refreshToken = null,
        string? doubtful = null,
        Action? ensureStillMine = null
    ) =>
        new(Connection, Credentials, newest: false)
        {
            RefreshToken = refreshToken,
            DoubtfulRefreshToken = doubtful,
            EnsureStillMine = ensureStillMine ?? (() => { }),
        };

    public SignInContext BeginEnrolment(string code, Func<long, ValueTask>? useStep = null) =>
        new(Connection, Credentials, newest: true)
        {
            OneTimeCode = new SecretText(code),
            RefreshToken = new RefreshToken("a-refresh-token-that-must-not-be-spent", null, null),
            UseOneTimeCodeStepAsync = useStep ?? (_ => ValueTask.CompletedTask),
        };

    public Task<TokenGrant> SignInAsync(SignInContext? signIn = null) =>
        Vendor.SignInAsync(signIn ?? Begin(), TestContext.Current.CancellationToken);

    public Task<TokenFailure> FailureAsync(SignInContext? signIn = null) =>
        Bench.FailureAsync(() => SignInAsync(signIn));
}
