using BackupFunctions.Emulators;
using BackupFunctions.LocalHost.Tests;

namespace BackupFunctions.Samples.Tests.Serving;

/// <summary>
/// One LocalHost for the tests of one class. A vendor's emulator rejects a token where a test says so. Backup &amp;
/// Replication answers in plain http: the samples trust no certificate of an emulator.
/// </summary>
public sealed class HostFixture : IAsyncLifetime
{
    private readonly VeeamVbrEmulator _vbr = new(new EmulatorOptions());
    private EmulatorHost? _vbrHost;
    private RunningHost? _host;

    /// <summary>What the Functions host answers by itself without a word, and what each sample makes of it.</summary>
    public static IReadOnlyList<(int Status, string Reason)> BareReplies { get; } =
    [
        (
            401,
            "it does not admit this caller. Check the audience of the sign-in, or the function key if it takes keys."
        ),
        (404, "there is no such function at this address. Check the app's address and the vendor's name."),
        (500, "it gave no reason."),
    ];

    /// <summary>Where it serves, without a slash at the end.</summary>
    public string Url => Host.Client.BaseAddress!.AbsoluteUri.TrimEnd('/');

    public BackupNetEmulator BackupNet => Host.Emulators.BackupNet;

    private RunningHost Host => _host ?? throw new InvalidOperationException("It has not been started.");

    /// <summary>The token of a vendor's default connection, as the host has it now.</summary>
    public async Task<(string Token, string Fingerprint)> TokenAsync(string vendor = "backupnet")
    {
        var reply = await Host.GetTokenAsync(vendor);
        return (reply.AccessToken, reply.Fingerprint);
    }

    /// <summary>Lets the vendor reject the token that the host has now, which the host cannot know.</summary>
    public async Task<string> RejectTokenAsync(string vendor = "backupnet")
    {
        var (token, fingerprint) = await TokenAsync(vendor);
        VendorEmulator[] emulators = [_vbr, .. Host.Emulators.Emulators.OfType<VendorEmulator>()];
        emulators.First(emulator => emulator.Name == vendor).Revoke(token);
        return fingerprint;
    }

    public async ValueTask InitializeAsync()
    {
        _vbrHost = await EmulatorHost.StartAsync(_vbr, port: 0, plainPort: 0);
        _host = await RunningHost.StartAsync(
            new Dictionary<string, string>
            {
                ["Connections:VeeamVbr:default:BaseUrl"] = _vbrHost.PlainAddress!.AbsoluteUri,
                ["Connections:VeeamVbr:default:Username"] = _vbr.Username,
                ["EmbeddedVault:Secrets:veeam-vbr-default-password"] = _vbr.Password,
            }
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
        if (_vbrHost is not null)
            await _vbrHost.DisposeAsync();
    }
}
