using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
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
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <summary>Posts an alert.</summary>
    /// <returns>Null on success; otherwise what the webhook did instead, without its URL.</returns>
    public async Task<string?> SendAsync(AlertMessage message, CancellationToken cancellationToken)
    {
        try
        {
            var (url, problem) = await FindUrlAsync(cancellationToken);
            if (url is null)
            {
                return problem;
            }

            var status = await _pipeline.ExecuteAsync(
                async attemptEnded => await PostAsync(url, message, attemptEnded),
                cancellationToken
            );
            return (int)status is >= 200 and < 300 ? null : $"answered {(int)status}";
        }
        catch (TimeoutRejectedException)
        {
            return "did not answer in time";
        }
        catch (HttpRequestException exception)
        {
            return $"could not be reached ({exception.HttpRequestError})";
        }
        catch (TokenException exception)
        {
            return $"has no URL: {exception.Failure.Detail.TrimEnd('.')}";
        }
    }

    private async ValueTask<HttpStatusCode> PostAsync(
        Uri url,
        AlertMessage message,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(message, AlertJson.Default.AlertMessage))
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            },
        };
        using var response = await _http.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead,
            cancellationToken
        );
        return response.StatusCode;
    }

    private async ValueTask<(Uri? Url, string? Problem)> FindUrlAsync(CancellationToken cancellationToken)
    {
        if (_options.Url is { } configured)
        {
            return (new Uri(configured.Reveal()), null);
        }

        var secret = await _credentials.FindAsync(
            new CredentialName(_options.UrlSecretName!),
            newest: false,
            cancellationToken
        );
        var text = secret?.Secret.Reveal().Trim() ?? "";
        return AlertSettings.WhatIsWrongWith(text) is { } wrong
            ? (null, $"has no URL: the secret {_options.UrlSecretName} {wrong.TrimEnd('.')}")
            : (new Uri(text), null);
    }
}
