using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;

namespace BackupFunctions.Emulators.Tests;

/// <summary>One emulator on a free port, with a clock that only the test turns and a client that trusts it.</summary>
internal sealed class Station<TEmulator> : IAsyncDisposable
    where TEmulator : Emulator
{
    private readonly EmulatorHost _host;

    public Station(TEmulator emulator, EmulatorHost host, FakeTimeProvider time, EmulatedCredentials credentials)
    {
        (Emulator, _host, Time, Credentials) = (emulator, host, time, credentials);
        Client = new HttpClient(Loopback.Handler(emulator)) { BaseAddress = emulator.BaseAddress };
    }

    public TEmulator Emulator { get; }

    public FakeTimeProvider Time { get; }

    public EmulatedCredentials Credentials { get; }

    public HttpClient Client { get; }

    public DateTimeOffset Now => Time.GetUtcNow();

    public Task<HttpResponseMessage> GetAsync(string path, string? bearer = null) =>
        SendAsync(HttpMethod.Get, path, bearer);

    public Task<HttpResponseMessage> PostFormAsync(string path, params (string Name, string Value)[] fields) =>
        PostFormAsync(path, authorization: null, fields);

    public Task<HttpResponseMessage> PostFormAsync(
        string path,
        AuthenticationHeaderValue? authorization,
        params (string Name, string Value)[] fields
    ) =>
        SendAsync(
            new HttpRequestMessage(HttpMethod.Post, path)
            {
                Headers = { Authorization = authorization },
                Content = new FormUrlEncodedContent(
                    fields.Select(static field => KeyValuePair.Create(field.Name, field.Value))
                ),
            }
        );

    public Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        string? bearer = null,
        string? json = null
    ) =>
        SendAsync(
            new HttpRequestMessage(method, path)
            {
                Headers = { Authorization = bearer is null ? null : new AuthenticationHeaderValue("Bearer", bearer) },
                Content = json is null ? null : new StringContent(json, System.Text.Encoding.UTF8, "application/json"),
            }
        );

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) =>
        Client.SendAsync(request, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _host.DisposeAsync();
    }
}

internal static class Station
{
    private static readonly FakeTimeProvider Noon = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));

    private static readonly Lazy<X509Certificate2> Certificate = new(() =>
        EmulatedCredentials.NewCertificate(Noon, "CN=shared")
    );

    public static async Task<Station<TEmulator>> StartAsync<TEmulator>(Func<EmulatorOptions, TEmulator> create)
        where TEmulator : Emulator
    {
        var options = Options(out var time);
        var emulator = create(options);
        var host = await EmulatorHost.StartAsync(emulator, cancellationToken: TestContext.Current.CancellationToken);
        return new Station<TEmulator>(emulator, host, time, options.Credentials);
    }

    public static EmulatorOptions Options(out FakeTimeProvider time)
    {
        time = new FakeTimeProvider(Noon.GetUtcNow());
        return new EmulatorOptions
        {
            Time = time,
            Credentials = EmulatedCredentials.Generate(time) with { AvePointCertificate = Certificate.Value },
        };
    }
}
