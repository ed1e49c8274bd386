using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using BackupFunctions.Connections;
using BackupFunctions.Ledger;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Storage;

/// <summary>
/// The blobs with the ledger's entries: <c>{vendor}/{connection}.json</c>, written only over the version that was read.
/// </summary>
internal sealed class LedgerBlobs(BlobContainerClient container, ILogger logger)
{
    private const string Suffix = ".json";

    /// <summary>Many times what an entry takes: a larger blob is none of ours, and is not read.</summary>
    public const long LargestEntry = 1 << 20;

    /// <summary>Reads an entry.</summary>
    /// <param name="key">Of which connection.</param>
    /// <param name="now">The present instant.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>The entry and the version of its blob; an empty one without a version if there is none.</returns>
    /// <exception cref="RequestFailedException">Storage refused, or did not answer.</exception>
    public async Task<(LedgerEntry Entry, ETag? Version)> ReadAsync(
        ConnectionKey key,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using var blob = (await BlobOf(key).DownloadStreamingAsync(cancellationToken: cancellationToken)).Value;
            var content =
                blob.Details.ContentLength <= LargestEntry
                    ? await BinaryData.FromStreamAsync(blob.Content, cancellationToken)
                    : BinaryData.Empty;
            var (entry, ignored) = StoredEntry.Read(content.ToMemory(), now);
            if (ignored.Count > 0)
            {
                StorageLog.LedgerPartlyIgnored(logger, key, string.Join(", ", ignored));
            }

            return (entry, blob.Details.ETag);
        }
        catch (RequestFailedException exception) when (StorageErrors.IsMissing(exception))
        {
            return (LedgerEntry.Empty, null);
        }
    }

    /// <summary>Lists the entries by name and version.</summary>
    /// <exception cref="RequestFailedException">Storage refused, or did not answer.</exception>
    public async IAsyncEnumerable<(ConnectionKey Key, ETag? Version)> ListAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await using var blobs = container
            .GetBlobsAsync(cancellationToken: cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        while (await MoveNextAsync(blobs))
        {
            if (KeyOf(blobs.Current.Name) is { } key)
            {
                // A list has versions without the quotes that the header of a reply has (RFC 9110 section 8.8.3).
                yield return (
                    key,
                    blobs.Current.Properties.ETag is { } version ? new ETag(version.ToString("H")) : null
                );
            }
        }
    }

    /// <summary>Writes an entry over the version that was read.</summary>
    /// <returns>The new version; null if another process was faster.</returns>
    /// <exception cref="RequestFailedException">Storage refused, or did not answer.</exception>
    public async Task<ETag?> TryWriteAsync(
        ConnectionKey key,
        LedgerEntry entry,
        ETag? over,
        CancellationToken cancellationToken
    )
    {
        var options = new BlobUploadOptions
        {
            Conditions = over is null
                ? new BlobRequestConditions { IfNoneMatch = ETag.All }
                : new BlobRequestConditions { IfMatch = over },
            HttpHeaders = new BlobHttpHeaders { ContentType = "application/json" },
        };
        for (var isFirst = true; ; isFirst = false)
        {
            try
            {
                return (await BlobOf(key).UploadAsync(LedgerJson.Write(entry), options, cancellationToken)).Value.ETag;
            }
            catch (RequestFailedException exception)
                when (exception.ErrorCode == BlobErrorCode.ConditionNotMet
                    || exception.ErrorCode == BlobErrorCode.BlobAlreadyExists
                    || exception.ErrorCode == BlobErrorCode.BlobNotFound
                )
            {
                return null;
            }
            catch (RequestFailedException exception)
                when (exception.ErrorCode == BlobErrorCode.ContainerNotFound && isFirst)
            {
                await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
                StorageLog.LedgerContainerCreated(logger, container.Name);
            }
        }
    }

    private static async Task<bool> MoveNextAsync(IAsyncEnumerator<BlobItem> blobs)
    {
        try
        {
            return await blobs.MoveNextAsync();
        }
        catch (RequestFailedException exception) when (StorageErrors.IsMissing(exception))
        {
            return false;
        }
    }

    private static ConnectionKey? KeyOf(string blob) =>
        blob.Split('/') is [var vendor, var file] && file.EndsWith(Suffix, StringComparison.Ordinal)
            ? new ConnectionKey(vendor, file[..^Suffix.Length])
            : null;

    private BlobClient BlobOf(ConnectionKey key) => container.GetBlobClient(key + Suffix);
}
