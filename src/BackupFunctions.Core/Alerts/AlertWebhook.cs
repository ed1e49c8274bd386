using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using BackupFunctions.Credentials;
using BackupFunctions.Randomness;
using BackupFunctions.Settings;
using BackupFunctions.Tokens;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace BackupFunctions.Alerts;

/// <summary>
/// Posts messages: 10 s an attempt, three attempts with a wait between them, no redirects. Of the receiver only its status counts.
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

            // No span of the runtime's: it would show an address that may hold a token.
            ActivityHeadersPropagator = null,
        }
    )
    {
        // The pipeline has the time limit.
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

    /// <summary>Posts a message.</summary>
    /// <returns>Null if it was taken; else what the webhook did instead, without its address.</returns>
    public async Task<string?> SendAsync(AlertMessage message, CancellationToken cancellationToken)
    {
        try
        {
            var (url, wrong) = await AddressAsync(cancellationToken);
            if (url is null)
            {
                return wrong;
            }

            var status = await _pipeline.ExecuteAsync(
                async ended => await PostAsync(url, message, ended),
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
            return $"is not known: {exception.Failure.Detail.TrimEnd('.')}";
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

    private async ValueTask<(Uri? Url, string? Wrong)> AddressAsync(CancellationToken cancellationToken)
    {
        if (_options.Url is { } set)
        {
            return (new Uri(set.Reveal()), null);
        }

        var secret = await _credentials.FindAsync(
            new CredentialName(_options.UrlSecretName!),
            newest: false,
            cancellationToken
        );
        var text = secret?.Secret.Reveal().Trim() ?? "";
        return AlertSettings.WhatIsWrongWith(text) is { } wrong
            ? (null, $"is not known: the secret {_options.UrlSecretName} {wrong.TrimEnd('.')}")
            : (new Uri(text), null);
    }
}
