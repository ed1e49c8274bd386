using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using BackupFunctions.Tokens;

namespace BackupFunctions.KeyVault;

/// <summary>
/// Remembers for a few seconds, or as long as the vault asks for, that the vault did not answer or was too busy: the
/// other reads of that time fail at once, so that nobody waits for it several times over and nobody hammers it. Writes
/// always try, because a refresh token must not be lost; a list that fails says nothing about single secrets.
/// </summary>
internal sealed class VaultCircuitBreaker(TimeProvider time) : HttpPipelinePolicy
{
    /// <summary>How long a vault is left alone at least.</summary>
    public static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(3);

    private volatile Opened? _opened;

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        EnsureClosed(message);
        try
        {
            ProcessNext(message, pipeline);
        }
        catch (Exception exception) when (IsFailedRead(message, exception))
        {
            Open(message, exception);
            throw;
        }

        Learn(message);
    }

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        EnsureClosed(message);
        try
        {
            await ProcessNextAsync(message, pipeline);
        }
        catch (Exception exception) when (IsFailedRead(message, exception))
        {
            Open(message, exception);
            throw;
        }

        Learn(message);
    }

    private void EnsureClosed(HttpMessage message)
    {
        if (
            message.Request.Method == RequestMethod.Get
            && _opened is { } opened
            && opened.Pause - time.GetElapsedTime(opened.At) is { Ticks: > 0 } left
        )
        {
            throw new TokenException(opened.Failure with { RetryAfter = left }, opened.Cause);
        }
    }

    private void Learn(HttpMessage message)
    {
        if (!VaultCallPolicy.IsRead(message.Request))
        {
            return;
        }

        if (message.Response.Status is 408 or 429 or >= 500)
        {
            Open(message, new RequestFailedException(message.Response));
        }
        else
        {
            _opened = null;
        }
    }

    private void Open(HttpMessage message, Exception cause)
    {
        var failure = VaultErrors.Read(cause, message.Request.Uri.ToUri()).Failure;
        if (failure.Kind == FailureKind.VaultUnavailable)
        {
            var pause = failure.RetryAfter > ShortestPause ? failure.RetryAfter.Value : ShortestPause;
            _opened = new Opened(failure, cause, time.GetTimestamp(), pause);
        }
    }

    private static bool IsFailedRead(HttpMessage message, Exception exception) =>
        VaultCallPolicy.IsRead(message.Request)
        && !message.CancellationToken.IsCancellationRequested
        && VaultErrors.IsOfVault(exception);

    /// <summary>By timestamps: a clock that is set back must not make the pause longer.</summary>
    private sealed record Opened(TokenFailure Failure, Exception Cause, long At, TimeSpan Pause);
}
