using System.Collections.Concurrent;
using System.Net;
using BackupFunctions.Randomness;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace BackupFunctions.SignIn.Transport;

/// <summary>
/// The pipeline that every request to a vendor goes through: 10 s an attempt, three attempts within 40 s, exponential
/// waits with jitter, <c>Retry-After</c> obeyed, no redirects, no cookies, bodies cut, certificates pinned where a pin
/// is set.
/// </summary>
internal sealed class VendorHttp : IDisposable
{
    /// <summary>How long one attempt may take, its body included.</summary>
    public static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How long all attempts and the waits between them may take.</summary>
    public static readonly TimeSpan TotalTimeout = TimeSpan.FromSeconds(40);

    /// <summary>
    /// What the exponential waits come to at the most: where less than this is left, a repetition would end in its
    /// wait, and what the vendor answered be lost.
    /// </summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(3);

    private const int Attempts = 3;

    private readonly ConcurrentDictionary<string, Lazy<HttpClient>> _clients = new(StringComparer.Ordinal);
    private readonly VendorClocks _clocks;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;

    /// <summary>Builds the pipeline.</summary>
    /// <param name="clocks">Learns the vendors' clocks.</param>
    /// <param name="random">The source of the jitter.</param>
    /// <param name="time">The clock that limits and waits run on.</param>
    public VendorHttp(VendorClocks clocks, RandomSource random, TimeProvider time)
    {
        _clocks = clocks;
        _time = time;
        _pipeline = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddTimeout(TotalTimeout)
            .AddRetry(
                new RetryStrategyOptions<HttpResponseMessage>
                {
                    MaxRetryAttempts = Attempts - 1,
                    BackoffType = DelayBackoffType.Exponential,
                    Delay = TimeSpan.FromSeconds(1),
                    UseJitter = true,
                    Randomizer = random.NextDouble,
                    ShouldHandle = args => ValueTask.FromResult(ShouldRepeat(args.Outcome, args.Context)),
                    DelayGenerator = args =>
                        ValueTask.FromResult(
                            args.Outcome.Result is { } response
                                ? RequestTrace.RetryAfter(response, time.GetUtcNow())
                                : null
                        ),
                }
            )
            .AddTimeout(AttemptTimeout)
            .Build();
    }

    /// <summary>What the pipeline ends in; tests put their own network here.</summary>
    internal Func<HttpMessageHandler>? Network { get; init; }

    /// <summary>
    /// The client for servers whose certificate the system trusts, or for the one with a pinned certificate.
    /// </summary>
    /// <param name="pin">The SHA-256 of the server's certificate, 64 upper-case hex digits; null for none.</param>
    public HttpClient Client(string? pin = null) =>
        _clients.GetOrAdd(pin ?? "", _ => new Lazy<HttpClient>(() => Create(pin))).Value;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in _clients.Values.Where(client => client.IsValueCreated))
        {
            client.Value.Dispose();
        }
    }

    private HttpClient Create(string? pin) =>
        new(
            new ResilienceHandler(_pipeline)
            {
                InnerHandler = new AttemptHandler(Network?.Invoke() ?? CreateNetwork(pin), _clocks, _time),
            }
        )
        {
            // The pipeline has the time limits.
            Timeout = Timeout.InfiniteTimeSpan,
        };

    /// <summary>
    /// A connection to servers as this app trusts them: those that the system trusts, or the one with the pinned
    /// certificate.
    /// </summary>
    /// <param name="pin">The pin, 64 upper-case hex digits; null for none.</param>
    /// <param name="shown">Is told of each certificate that a server shows, trusted or not; null for nobody.</param>
    internal static SocketsHttpHandler CreateNetwork(string? pin, Action<ServerCertificate>? shown = null) =>
        new()
        {
            // A redirect would carry credentials elsewhere.
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            SslOptions = { RemoteCertificateValidationCallback = ServerTrust.Validation(pin, shown) },
        };

    private bool ShouldRepeat(Outcome<HttpResponseMessage> outcome, ResilienceContext context)
    {
        RequestTrace? exchange = null;
        context.GetRequestMessage()?.Options.TryGetValue(RequestTrace.Key, out exchange);
        if (outcome.Exception is { } exception)
        {
            var isTransport =
                exception is TimeoutRejectedException or HttpRequestException or IOException
                && !TransportFailure.IsDistrust(exception);
            return isTransport
                && (exchange?.Spends != true || !TransportFailure.MayHaveArrived(exception))
                && LongestPause < TimeLeft(exchange);
        }

        var status = (int)outcome.Result!.StatusCode;
        return status is 408 or 429 or >= 500
            && exchange?.Spends != true
            && (RequestTrace.RetryAfter(outcome.Result, _time.GetUtcNow()) ?? LongestPause) < TimeLeft(exchange);
    }

    private TimeSpan TimeLeft(RequestTrace? exchange) =>
        exchange is null ? TotalTimeout : TotalTimeout - _time.GetElapsedTime(exchange.Begun);
}
