using BackupFunctions.Connections;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Core.Tests.SignIn;
using BackupFunctions.Rotation;
using BackupFunctions.Settings;
using BackupFunctions.SignIn;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;
using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Core.Tests.Vendors;

/// <summary>One vendor with one connection that its own settings describe, and the stub of its server.</summary>
internal sealed class VendorBench
{
    public VendorBench(VendorProfile vendor, params (string Name, string Value)[] settings)
    {
        Connection = Read(vendor, settings);
    }

    public Bench Bench { get; } = new();

    public IVendorClient Vendor => Bench.Vendors;

    public Connection Connection { get; }

    public StubCredentials Credentials { get; } = new();

    public StubNetwork Network => Bench.Network;

    public IReadOnlyList<SentRequest> Sent => Network.Sent;

    public static Connection Read(VendorProfile vendor, params (string Name, string Value)[] settings)
    {
        var path = $"Connections:{vendor.SettingsName}:default";
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                settings.Select(setting => KeyValuePair.Create($"{path}:{setting.Name}", (string?)setting.Value))
            )
            .Build();
        var findings = new List<SettingFinding>();
        var connection = ConnectionReader.Read(
            new ConnectionValues.OfSettings(configuration.GetSection(path)),
            vendor,
            findings
        );
        Assert.Empty(findings);
        return connection!;
    }

    public SignInContext Begin(
        RefreshToken? refreshToken = null,
        string? doubtful = null,
        Action? ensureLockHeld = null
    ) => Begin(new RotationContext(refreshToken, doubtful) { EnsureLockHeld = ensureLockHeld ?? (() => { }) });

    public SignInContext BeginEnrolment(string code, Func<long, ValueTask>? useStep = null) =>
        Begin(
            new RotationContext(new RefreshToken("a-refresh-token-that-must-not-be-spent", null, null))
            {
                OneTimeCode = new SecretText(code),
                UseOneTimeCodeStepAsync = useStep ?? (_ => ValueTask.CompletedTask),
            }
        );

    public SignInContext Begin(RotationContext rotation, RefusalBudget? refusals = null) =>
        new(Connection, Credentials, newest: rotation.OneTimeCode is not null, refusals ?? new RefusalBudget())
        {
            Rotation = rotation,
        };

    public Task<TokenGrant> SignInAsync(SignInContext? signIn = null) =>
        Bench.Vendors.SignInAsync(signIn ?? Begin(), TestContext.Current.CancellationToken);

    public Task<TokenFailure> FailureAsync(SignInContext? signIn = null) =>
        Bench.FailureAsync(() => SignInAsync(signIn));
}
