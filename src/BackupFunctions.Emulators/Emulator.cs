using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Emulators;

/// <summary>
/// The other side of a sign-in or of the vault, apart from any server: hand <see cref="HandleAsync"/> to Kestrel
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

    /// <summary>Where clients find it. <see cref="EmulatorHost"/> sets it; under a test server set it to that server's address.</summary>
    public Uri BaseAddress { get; set; }

    /// <summary>How often each endpoint was called.</summary>
    public Counters Counters { get; }

    /// <summary>What goes wrong on purpose.</summary>
    public Faults Faults { get; }

    /// <summary>How far this server's clock is ahead of the true time; negative if it lags.</summary>
    public TimeSpan ClockOffset { get; set; }

    /// <summary>The instant on this server's own clock.</summary>
    public DateTimeOffset Now => Time.GetUtcNow() + ClockOffset;

    internal X509Certificate2? Certificate { get; }

    private protected TimeProvider Time { get; }

    private protected Randomness Randomness { get; }

    /// <summary>The base address without the slash at its end.</summary>
    private protected string Origin => BaseAddress.GetLeftPart(UriPartial.Authority);

    /// <summary>Answers one request, through whatever faults are switched on.</summary>
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
            // The client left, or what it sent was cut off: there is nobody to answer.
            LogLeft(Name, endpoint);
            context.Abort();
        }
    }

    /// <summary>Which endpoint a request is for; <see cref="Endpoints.Unknown"/> if none.</summary>
    private protected abstract string EndpointOf(HttpRequest request);

    /// <summary>The true reply of an endpoint.</summary>
    private protected abstract Task<Reply> AnswerAsync(string endpoint, HttpRequest request);

    /// <summary>Revokes what was issued; false if this emulator issues nothing.</summary>
    internal virtual bool TryRevoke() => false;

    [LoggerMessage(1, LogLevel.Information, "{Emulator} {Endpoint} answered {Status}")]
    private partial void LogAnswered(string emulator, string endpoint, int status);

    [LoggerMessage(2, LogLevel.Information, "{Emulator} {Endpoint} was left by its client")]
    private partial void LogLeft(string emulator, string endpoint);
}
