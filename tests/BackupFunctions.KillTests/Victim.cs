using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using BackupFunctions.Testing;

namespace BackupFunctions.KillTests;

/// <summary>LocalHost as the program that people start, to be killed.</summary>
internal sealed class Victim : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);

    /// <summary>
    /// A killed holder's lock, 15 s, and the step of a used code, 30 s; the rest is a busy machine's.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ChildProcess _process;
    private readonly HttpClient _client;

    private Victim(ChildProcess process, Uri address)
    {
        _process = process;
        _client = new HttpClient { BaseAddress = address, Timeout = Patience };
    }

    /// <summary>The last lines that it wrote.</summary>
    public string Output => _process.Output;

    /// <summary>Why it did not renew when it was last asked to; null if it did.</summary>
    public string? LastRefusal { get; private set; }

    public static async Task<Victim> StartAsync(IEnumerable<KeyValuePair<string, string>> settings)
    {
        var process = ChildProcess.Start(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "BackupFunctions.LocalHost.dll"), "--urls", "http://127.0.0.1:0"],
            AppContext.BaseDirectory,
            environment: settings.Select(static setting =>
                KeyValuePair.Create(setting.Key.Replace(":", "__", StringComparison.Ordinal), setting.Value)
            )
        );
        try
        {
            var line = await process.ExpectAsync("curl -s ", StartPatience);
            return new Victim(
                process,
                new Uri(
                    line[
                        line.IndexOf("http", StringComparison.Ordinal)..line.IndexOf("/api/", StringComparison.Ordinal)
                    ]
                )
            );
        }
        catch
        {
            process.Kill();
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// The token that it hands out; <paramref name="rejected"/> is the fingerprint of one that is not wanted again.
    /// </summary>
    /// <exception cref="NoTokenException">It handed none out, or did not answer in time.</exception>
    public async Task<(string AccessToken, string Fingerprint)> GetTokenAsync(string? rejected = null)
    {
        try
        {
            using var reply = await AskAsync(rejected);
            if (!reply.IsSuccessStatusCode)
                throw new NoTokenException($"{(int)reply.StatusCode} {await reply.Content.ReadAsStringAsync()}");

            var body = await reply.Content.ReadFromJsonAsync<JsonElement>();
            return (body.GetProperty("access_token").GetString()!, body.GetProperty("fingerprint").GetString()!);
        }
        catch (Exception exception) when (IsBroken(exception))
        {
            throw new NoTokenException(exception.Message, exception);
        }
    }

    /// <summary>
    /// Asks for a token, and once more if the renewal took longer than a caller waits: one that needs the next one-time
    /// code does, and continues.
    /// </summary>
    private async Task<HttpResponseMessage> AskAsync(string? rejected)
    {
        var route = rejected is null ? "/api/GetToken/veeam" : $"/api/GetToken/veeam?rejected={rejected}";
        var reply = await _client.GetAsync(route);
        if (
            reply.StatusCode != HttpStatusCode.ServiceUnavailable
            || !(await reply.Content.ReadAsStringAsync()).Contains("and continues", StringComparison.Ordinal)
        )
            return reply;

        reply.Dispose();
        return await _client.GetAsync(route);
    }

    /// <summary>Asks it to renew now.</summary>
    /// <returns>How long that took; null if it was killed meanwhile, or does not answer.</returns>
    public async Task<TimeSpan?> RenewAsync()
    {
        try
        {
            var began = TimeProvider.System.GetTimestamp();
            using var reply = await _client.PostAsync("/api/Refresh/veeam", content: null);
            LastRefusal = reply.IsSuccessStatusCode ? null : await reply.Content.ReadAsStringAsync();
            return TimeProvider.System.GetElapsedTime(began);
        }
        catch (Exception exception) when (IsBroken(exception))
        {
            return null;
        }
    }

    /// <summary>A process killed as it accepts a connection is a bare socket error: .NET does not wrap that one.</summary>
    private static bool IsBroken(Exception exception) =>
        exception is HttpRequestException or TaskCanceledException or SocketException;

    /// <summary>SIGKILL: nothing in it gets to run any more.</summary>
    public async Task KillAsync()
    {
        // Not with its children, of which it has none: looking for them would take longer than some of the phases last.
        using (var process = Process.GetProcessById(_process.Id))
            process.Kill();
        await _process.Exit;
    }

    /// <summary>SIGSTOP: nothing in it runs until it is resumed, and it cannot notice.</summary>
    public Task PauseAsync() => SignalAsync("-STOP");

    /// <summary>SIGTERM: it may save what it has.</summary>
    /// <returns>Its exit code, when it has exited.</returns>
    public async Task<int> TerminateAsync()
    {
        await SignalAsync("-TERM");
        return await _process.Exit;
    }

    /// <summary>SIGCONT.</summary>
    public Task ResumeAsync() => SignalAsync("-CONT");

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _process.Kill();
        await _process.DisposeAsync();
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [signal, $"{_process.Id}"]);
        await kill.WaitForExitAsync();
        if (kill.ExitCode != 0)
            throw new InvalidOperationException($"kill {signal} returned {kill.ExitCode}.");
    }
}
