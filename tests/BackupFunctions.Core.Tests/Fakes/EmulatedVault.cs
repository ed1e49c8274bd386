using System.Text.Json.Nodes;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Security.KeyVault.Secrets;
using BackupFunctions.AzureSdk;
using BackupFunctions.Clocks;
using BackupFunctions.Emulators;
using BackupFunctions.KeyVault;
using BackupFunctions.Testing;
using Microsoft.Extensions.Time.Testing;

namespace BackupFunctions.Core.Tests.Fakes;

/// <summary>
/// The emulated vault behind the real client, without a server in between. It records the calls that reach it.
/// </summary>
internal sealed class EmulatedVault : DelegatingHandler
{
    private static int _number;

    private readonly Lock _gate = new();
    private readonly List<VaultCall> _calls = [];
    private readonly TimeProvider _time;

    // The vault's own clock: what a test adds is days old, and each version older than the next; what a client saves is
    // saved now.
    private readonly FakeTimeProvider _clock = new(TestTime.Noon.AddDays(-4));

    /// <summary>A vault whose secrets are days old.</summary>
    /// <param name="time">The client's clock.</param>
    public EmulatedVault(TimeProvider time)
    {
        _time = time;
        Emulator = Connect(new EmulatorOptions { Time = _clock }, networkTimeout: null);
    }

    /// <summary>A vault on the client's clock.</summary>
    public EmulatedVault(EmulatorOptions options, TimeSpan networkTimeout)
    {
        _time = options.Time;
        Emulator = Connect(options, networkTimeout);
    }

    public KeyVaultEmulator Emulator { get; }

    public SecretStore Secrets => Emulator.Secrets;

    public Faults Faults => Emulator.Faults;

    public Uri Uri => Emulator.BaseAddress;

    /// <summary>Every call with a token.</summary>
    public IReadOnlyList<VaultCall> Requests
    {
        get
        {
            lock (_gate)
                return [.. _calls];
        }
    }

    /// <summary>Every call with a token: <c>GET /secrets/name</c>.</summary>
    public IReadOnlyList<string> Calls => [.. Requests.Select(call => call.Name)];

    /// <summary>The bodies of the writes.</summary>
    public IReadOnlyList<JsonNode> Written =>
        [.. Requests.Where(call => call.Name.StartsWith("PUT", StringComparison.Ordinal)).Select(call => call.Body!)];

    /// <summary>A client that asks once, or repeats without pauses.</summary>
    public SecretClient Client(HttpPipelinePolicy? policy = null, int retries = 0)
    {
        var network = new HttpClient(this, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        var options = new SecretClientOptions
        {
            Transport = new HttpClientTransport(network),
            RetryPolicy = new RetryPolicy(retries, new NoDelay()),
            Retry = { NetworkTimeout = Timeout.InfiniteTimeSpan },
            DisableChallengeResourceVerification = true,
        };
        options.AddPolicy(new WriteGuard(), HttpPipelinePosition.PerRetry);
        if (policy is not null)
            options.AddPolicy(policy, HttpPipelinePosition.PerCall);
        return new SecretClient(Uri, new AnyTokenCredential(), options);
    }

    /// <summary>A host's client, but without pauses between the tries; the emulator's network has the timeout.</summary>
    /// <param name="clock">The host's; null for one that is right.</param>
    public SecretClient HostClient(HostClock? clock = null)
    {
        var options = VaultClients.CreateOptions(Uri, clock ?? new HostClock(_time), this);
        options.Retry.NetworkTimeout = Timeout.InfiniteTimeSpan;
        options.RetryPolicy = new BoundedRetryPolicy(_time, delays: new NoDelay());
        options.DisableChallengeResourceVerification = true;
        return new SecretClient(Uri, new AnyTokenCredential(), options);
    }

    /// <summary>Adds a version, a second newer than the one before.</summary>
    public SecretVersion Add(
        string name,
        string value,
        string? contentType = null,
        DateTimeOffset? exp = null,
        DateTimeOffset? nbf = null,
        bool enabled = true
    )
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        return AddAt(_clock.GetUtcNow(), name, value, contentType, exp, nbf, enabled);
    }

    /// <summary>Adds a version that was written at this instant.</summary>
    public SecretVersion AddAt(
        DateTimeOffset instant,
        string name,
        string value,
        string? contentType = null,
        DateTimeOffset? exp = null,
        DateTimeOffset? nbf = null,
        bool enabled = true
    )
    {
        _clock.SetUtcNow(instant);
        if (Secrets.IsDeleted(name))
            Secrets.Purge(name);
        var version = Secrets.Set(name, value, contentType, exp, nbf);
        if (!enabled)
            Secrets.Disable(name);
        return version;
    }

    /// <summary>Refuses every call to an endpoint, in Key Vault's format.</summary>
    public void Refuse(string endpoint, int status, string code = "Any", string? innerCode = null)
    {
        var error = new JsonObject { ["code"] = code, ["message"] = "In the words of the vault." };
        if (innerCode is not null)
            error["innererror"] = new JsonObject { ["code"] = innerCode };
        var body = new JsonObject { ["error"] = error }.ToJsonString();
        Faults.Add(endpoint, Fault.Status(status, body, "application/json"));
    }

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        // The client asks for the vault's challenge without a token.
        if (request.Headers.Authorization is not null)
        {
            var body = request.Content is null
                ? null
                : JsonNode.Parse(await request.Content.ReadAsStringAsync(cancellationToken));
            var name = $"{request.Method} {request.RequestUri!.AbsolutePath.TrimEnd('/')}";
            lock (_gate)
            {
                _calls.Add(new VaultCall(name, body, _time.GetUtcNow()));
                if (request.Method == HttpMethod.Put && _clock.GetUtcNow() < _time.GetUtcNow())
                    _clock.SetUtcNow(_time.GetUtcNow());
            }
        }

        return await base.SendAsync(request, cancellationToken);
    }

    private KeyVaultEmulator Connect(EmulatorOptions options, TimeSpan? networkTimeout)
    {
        // A host name of its own: the client remembers challenges by it, for the whole process.
        var number = Interlocked.Increment(ref _number);
        var emulator = new KeyVaultEmulator(options)
        {
            BaseAddress = new Uri($"https://vault-{number}.emulator.test/"),
        };
        InnerHandler = new EmulatorNetwork(emulator, _time, networkTimeout);
        return emulator;
    }

    internal sealed record VaultCall(string Name, JsonNode? Body, DateTimeOffset At);
}
