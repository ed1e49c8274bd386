using BackupFunctions.Emulators;
using BackupFunctions.LocalHost.Tests;

namespace BackupFunctions.Samples.Tests.Serving;

/// <summary>
/// One LocalHost for the tests of one class. backup.net's emulator rejects a token where a test says so.
/// </summary>
public sealed class HostFixture : IAsyncLifetime
{
    private RunningHost? _host;

    /// <summary>What the Functions host answers by itself without a word, and what each sample makes of it.</summary>
    public static IReadOnlyList<(int Status, string Reason)> BareReplies { get; } =
    [
        (401, "the function key is missing, wrong, or another function's."),
        (404, "there is no such function at this address. Check the app's address and the vendor's name."),
        (500, "it gave no reason."),
    ];

    /// <summary>Where it serves, without a slash at the end.</summary>
    public string Url => Host.Client.BaseAddress!.AbsoluteUri.TrimEnd('/');

    public BackupNetEmulator BackupNet => Host.Emulators.BackupNet;

    private RunningHost Host => _host ?? throw new InvalidOperationException("It has not been started.");

    /// <summary>The token of backup.net's default connection, as the host has it now.</summary>
    public async Task<(string Token, string Fingerprint)> TokenAsync()
    {
        var reply = await Host.GetTokenAsync("backupnet");
        return (reply.AccessToken, reply.Fingerprint);
    }

    /// <summary>Lets the vendor reject the token that the host has now, which the host cannot know.</summary>
    public async Task<string> RejectTokenAsync()
    {
        var (token, fingerprint) = await TokenAsync();
        BackupNet.Revoke(token);
        return fingerprint;
    }

    public async ValueTask InitializeAsync() => _host = await RunningHost.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }
    }
}
