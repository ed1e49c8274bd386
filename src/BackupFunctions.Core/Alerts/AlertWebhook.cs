using System.Net;
using System.Net.Http.Headers;
using BackupFunctions.Alerts.Formats;
using BackupFunctions.Credentials;
using BackupFunctions.Randomness;
using BackupFunctions.Settings.Alerting;
using BackupFunctions.Tokens;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace BackupFunctions.Alerts;

/// <summary>
/// Posts alerts: up to three attempts of 10 s each with waits between them, no redirects. Only the status of the
/// response counts.
/// </summary>
internal sealed class AlertWebhook : IDisposable
{
    /// <summary>How long one attempt may take.</summary>
    public static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(10);

    private const int Attempts = 3;

    private readonly AlertOptions _options;
    private readonly ICredentialSource _credentials;
    private readonly ResiliencePipeline<HttpStatusCode> _pipeline;
    private readonly ResiliencePipeline<HttpStatusCode> _once;
    private volatile bool _wasRefused;
    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),

            // No span by the runtime: it would show a URL that may contain a token.
            ActivityHeadersPropagator = null,
        }
    )
    {
        // The pipeline has the timeout.
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public AlertWebhook(AlertOptions options, ICredentialSource credentials, RandomSource random, TimeProvider time)
    {
        _options = options;
        _credentials = credentials;
        _pipeline = new ResiliencePipelineBuilder<HttpStatusCode> { TimeProvider = time }
            .AddRetry(
                new RetryStrategyOptions<HttpStatusCode>
                {
                    MaxRetryAttempts = Attempts - 1,
                    BackoffType = DelayBackoffType.Exponential,
                    Delay = TimeSpan.FromSeconds(2),
                    UseJitter = true,
                    Randomizer = random.NextDouble,
                    ShouldHandle = static args =>
                        ValueTask.FromResult(
                            args.Outcome.Exception is TimeoutRejectedException or HttpRequestException
                                || (int)args.Outcome.Result is 408 or 429 or >= 500
                        ),
                }
            )
            .AddTimeout(AttemptTimeout)
            .Build();
        _once = new ResiliencePipelineBuilder<HttpStatusCode> { TimeProvider = time }
            .AddTimeout(AttemptTimeout)
            .Build();
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <summary>Posts an alert, in several attempts if need be.</summary>
    public Task<WebhookAnswer> SendAsync(AlertMessage message, CancellationToken cancellationToken) =>
        SendAsync(message, _pipeline, cancellationToken);

    /// <summary>Posts an alert in one attempt, for somebody who waits.</summary>
    public Task<WebhookAnswer> SendOnceAsync(AlertMessage message, CancellationToken cancellationToken) =>
        SendAsync(message, _once, cancellationToken);

    private async Task<WebhookAnswer> SendAsync(
        AlertMessage message,
        ResiliencePipeline<HttpStatusCode> pipeline,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var target = await WebhookTarget.FindAsync(_options, _credentials, _wasRefused, cancellationToken);
            if (target.Problem is not null)
            {
                return new WebhookAnswer(Status: null, target.Problem);
            }

            var body = AlertBody.Write(message, _options.Format);
            var status = await pipeline.ExecuteAsync(
                async attemptEnded => await PostAsync(target, body, attemptEnded),
                cancellationToken
            );
            _wasRefused = status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;
            var isAccepted = (int)status is >= 200 and < 300;
            return new WebhookAnswer((int)status, isAccepted ? null : $"answered {(int)status}");
        }
        catch (TimeoutRejectedException)
        {
            return new WebhookAnswer(Status: null, "did not answer in time");
        }
        catch (HttpRequestException exception)
        {
            return new WebhookAnswer(Status: null, $"could not be reached ({exception.HttpRequestError})");
        }
        catch (TokenException exception)
        {
            var missing = _options.Header is null ? "URL" : "URL or header";
            return new WebhookAnswer(Status: null, $"has no {missing}: {exception.Failure.Detail.TrimEnd('.')}")
            {
                VaultFailure = exception.Failure,
            };
        }
    }

    private async ValueTask<HttpStatusCode> PostAsync(
        WebhookTarget target,
        byte[] body,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, target.Url)
        {
            Content = new ByteArrayContent(body)
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            },
        };
        if (_options.Header is { } header)
        {
            request.Headers.TryAddWithoutValidation(header.Name, target.Header!.Reveal());
        }

        using var response = await _http.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead,
            cancellationToken
        );
        return response.StatusCode;
    }
}

/// <summary>How the receiver answered a post.</summary>
/// <param name="Status">The status; null without an answer.</param>
/// <param name="Problem">
/// What it did instead of taking the post, as the rest of a sentence about the webhook, without its URL; null if it
/// took it.
/// </param>
internal sealed record WebhookAnswer(int? Status, string? Problem)
{
    /// <summary>Why the vault did not give the URL or the header; null if that was not it.</summary>
    public TokenFailure? VaultFailure { get; init; }
}
