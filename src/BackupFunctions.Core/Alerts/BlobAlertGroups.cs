using System.Collections.Concurrent;
using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using BackupFunctions.Storage;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Alerts;

/// <summary>
/// The groups that all instances share: one blob for each, written only over the version that was read. While storage
/// is away each process goes on with what it knows, and then writes that as soon as storage is back.
/// </summary>
internal sealed class BlobAlertGroups(BlobContainerClient container, TimeProvider time, ILogger<BlobAlertGroups> logger)
    : IAlertGroups
{
    /// <summary>The container with the groups.</summary>
    public const string ContainerName = "backupfunctions-alerts";

    /// <summary>Each time one process writes, so this is as many writes of others as are waited for.</summary>
    private const int MostTries = 100;

    /// <summary>Many times what a group of all connections takes.</summary>
    private const long LargestGroup = 16 << 20;

    private readonly StorageBreaker _outage = new(BlobLedger.OutagePause, time);
    private readonly ConcurrentDictionary<AlertCause, KnownGroup> _known = new();

    /// <inheritdoc/>
    public async ValueTask<AlertGroup?> UpdateAsync(
        AlertCause cause,
        Func<AlertGroup?, AlertGroup?> change,
        CancellationToken cancellationToken
    )
    {
        if (_outage.Left is null)
        {
            using var timeout = new CancellationTokenSource(BlobLedger.AskTimeout, time);
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            try
            {
                var group = await ChangeStoredAsync(cause, change, ended.Token);
                _outage.End();
                return group;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                // Whatever it is: operators hear of a broken connection also while storage is broken.
                _outage.Begin();
                AlertLog.GroupsAway(
                    logger,
                    cause.ToString(),
                    StorageErrors.Describe(exception),
                    BlobLedger.OutagePause.TotalSeconds
                );
            }
        }

        return _known
            .AddOrUpdate(
                cause,
                static (_, change) => new KnownGroup(change(null), IsUnsaved: true),
                static (_, known, change) => new KnownGroup(change(known.Group), IsUnsaved: true),
                change
            )
            .Group;
    }

    private async Task<AlertGroup?> ChangeStoredAsync(
        AlertCause cause,
        Func<AlertGroup?, AlertGroup?> change,
        CancellationToken cancellationToken
    )
    {
        var blob = container.GetBlobClient($"{cause}.json");
        for (var tries = 1; ; tries++)
        {
            var known = _known.GetValueOrDefault(cause);
            var (stored, version) = await ReadAsync(blob, cancellationToken);
            var group = change(known is { IsUnsaved: true } ? GroupRules.Merged(stored, known.Group) : stored);
            if (
                ReferenceEquals(group, stored)
                || await TryWriteAsync(blob, group, version, isFirst: true, cancellationToken)
            )
            {
                _known[cause] = new KnownGroup(group, IsUnsaved: false);
                return group;
            }

            if (tries == MostTries)
            {
                throw new RequestFailedException("Other processes were faster each time.");
            }
        }
    }

    private static async Task<(AlertGroup? Group, ETag? Version)> ReadAsync(
        BlobClient blob,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using var found = (await blob.DownloadStreamingAsync(cancellationToken: cancellationToken)).Value;
            var content =
                found.Details.ContentLength <= LargestGroup
                    ? await BinaryData.FromStreamAsync(found.Content, cancellationToken)
                    : BinaryData.Empty;
            return (Parse(content), found.Details.ETag);
        }
        catch (RequestFailedException exception) when (StorageErrors.IsMissing(exception))
        {
            return (null, null);
        }
    }

    /// <summary>Null for what is no group: it is replaced. A group that is over is an empty object.</summary>
    private static AlertGroup? Parse(BinaryData content)
    {
        try
        {
            var group = JsonSerializer.Deserialize(content.ToMemory().Span, GroupJson.Default.AlertGroup);
            return group is { Members.Count: > 0 } && group.Members.All(member => member is { Connection: not null })
                ? group
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <returns>False if another process was faster.</returns>
    private async Task<bool> TryWriteAsync(
        BlobClient blob,
        AlertGroup? group,
        ETag? over,
        bool isFirst,
        CancellationToken cancellationToken
    )
    {
        var content = group is null
            ? new BinaryData("{}")
            : new BinaryData(JsonSerializer.SerializeToUtf8Bytes(group, GroupJson.Default.AlertGroup));
        var options = new BlobUploadOptions
        {
            Conditions = over is null
                ? new BlobRequestConditions { IfNoneMatch = ETag.All }
                : new BlobRequestConditions { IfMatch = over },
            HttpHeaders = new BlobHttpHeaders { ContentType = "application/json" },
        };
        try
        {
            await blob.UploadAsync(content, options, cancellationToken);
            return true;
        }
        catch (RequestFailedException exception)
            when (exception.ErrorCode == BlobErrorCode.ConditionNotMet
                || exception.ErrorCode == BlobErrorCode.BlobAlreadyExists
                || exception.ErrorCode == BlobErrorCode.BlobNotFound
            )
        {
            return false;
        }
        catch (RequestFailedException exception)
            when (exception.ErrorCode == BlobErrorCode.ContainerNotFound && isFirst)
        {
            await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            return await TryWriteAsync(blob, group, over, isFirst: false, cancellationToken);
        }
    }

    private sealed record KnownGroup(AlertGroup? Group, bool IsUnsaved);
}
