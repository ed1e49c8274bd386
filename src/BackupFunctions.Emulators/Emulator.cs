using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Emulators;

/// <summary>
/// A sign-in server or vault, independent of any web server: pass <see cref="HandleAsync"/> to Kestrel
/// (<see cref="EmulatorHost"/>), to a test server or to any other <see cref="RequestDelegate"/> host.
/// </summary>
public abstract partial class Emulator
{
    private readonly ILogger _logger;

    private protected Emulator(
        string name,
        EmulatorOptions options,
        X509Certificate2? certificate,
        params string[] endpoints
    )
    {
        Name = name;
        Time = options.Time;
        Randomness = new Randomness(options.Seed, name);
        Certificate = certificate;
        BaseAddress = new Uri($"{(certificate is null ? "http" : "https")}://{name}.emulator.test/");
        Counters = new Counters(endpoints);
        Faults = new Faults(options.Time, endpoints);
        _logger = options.LoggerFactory?.CreateLogger($"BackupFunctions.Emulators.{name}") ?? NullLogger.Instance;
    }

    /// <summary>The vendor's name as in routes and secret names, or <c>vault</c>.</summary>
    public string Name { get; }

    /// <summary>
    /// The address for clients. <see cref="EmulatorHost"/> sets it; with a test server, set it to that server's
    /// address.
    /// </summary>
    public Uri BaseAddress { get; set; }

    /// <summary>How often each endpoint was called.</summary>
    public Counters Counters { get; }

    /// <summary>The injected faults.</summary>
    public Faults Faults { get; }

    /// <summary>How far this server's clock is ahead of the true time; negative if it is behind.</summary>
    public TimeSpan ClockOffset { get; set; }

    /// <summary>The time on this server's clock.</summary>
    public DateTimeOffset Now => Time.GetUtcNow() + ClockOffset;

    internal X509Certificate2? Certificate { get; }

    private protected TimeProvider Time { get; }

    private protected Randomness Randomness { get; }

    /// <summary>The base address without its trailing slash.</summary>
    private protected string Origin => BaseAddress.GetLeftPart(UriPartial.Authority);

    /// <summary>Answers one request, subject to the injected faults.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        if (context.Request.Path.StartsWithSegments(ControlApi.Root, StringComparison.Ordinal, out var path))
        {
            await (await ControlApi.AnswerAsync(this, context.Request, path)).SendAsync(context, Now);
            return;
        }

        var endpoint = EndpointOf(context.Request);
        using var call = Counters.Enter(endpoint);
        try
        {
            var reply = Faults.Take(endpoint) is { } fault
                ? await fault.ApplyAsync(Faults.Hold(context.RequestAborted), () =>
                    AnswerAsync(endpoint, context.Request)
                )
                : await AnswerAsync(endpoint, context.Request);
            LogAnswered(Name, endpoint, reply.Lost ? 0 : reply.Status);
            await reply.SendAsync(context, Now);
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException)
        {
            // The client disconnected or its request was cut off: no one receives an answer.
            LogLeft(Name, endpoint);
            context.Abort();
        }
    }

    /// <summary>The endpoint that a request is for; <see cref="Endpoints.Unknown"/> if there is none.</summary>
    private protected abstract string EndpointOf(HttpRequest request);

    /// <summary>The reply of an endpoint without faults.</summary>
    private protected abstract Task<Reply> AnswerAsync(string endpoint, HttpRequest request);

    /// <summary>Revokes what was issued; false if this emulator issues nothing.</summary>
    internal virtual bool TryRevoke() => false;

    [LoggerMessage(1, LogLevel.Information, "{Emulator} {Endpoint} answered {Status}")]
    private partial void LogAnswered(string emulator, string endpoint, int status);

    [LoggerMessage(2, LogLevel.Information, "{Emulator} {Endpoint}: the client disconnected")]
    private partial void LogLeft(string emulator, string endpoint);
}
