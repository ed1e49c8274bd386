using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using BackupFunctions.Connections;
using BackupFunctions.Storage;
using Moq;

namespace BackupFunctions.Core.Tests.Fakes;

/// <summary>The container of the ledger in memory: every blob is what the test put there, or what was written last.</summary>
internal sealed class FakeLedgerContainer : BlobContainerClient
{
    private readonly ConcurrentDictionary<string, (byte[] Content, int Version)> _blobs = new();
    private readonly Lock _writing = new();
    private int _version;

    public override string Name => BlobLedger.ContainerName;

    /// <summary>Whether nothing in it can be read or written.</summary>
    public bool IsAway { get; set; }

    /// <summary>Whether writes arrive and their answers do not.</summary>
    public bool LosesAnswers { get; set; }

    /// <summary>Runs before a blob is written.</summary>
    public Action BeforeWrite { get; set; } = static () => { };

    public void Put(ConnectionKey key, string content) => Put(key, Encoding.UTF8.GetBytes(content));

    public void Put(ConnectionKey key, byte[] content) => _blobs[$"{key}.json"] = (content, ++_version);

    public byte[] Get(ConnectionKey key) => _blobs[$"{key}.json"].Content;

    public override BlobClient GetBlobClient(string blobName) => new Blob(this, blobName);

    public override AsyncPageable<BlobItem> GetBlobsAsync(
        GetBlobsOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ThrowIfAway();
        return AsyncPageable<BlobItem>.FromPages([
            Page<BlobItem>.FromValues(
                [
                    .. _blobs.Select(blob =>
                        BlobsModelFactory.BlobItem(
                            blob.Key,
                            false,
                            BlobsModelFactory.BlobItemProperties(false, eTag: Tag(blob.Value.Version))
                        )
                    ),
                ],
                null,
                Mock.Of<Response>()
            ),
        ]);
    }

    private static ETag Tag(int version) => new(version.ToString(CultureInfo.InvariantCulture));

    private static RequestFailedException Refused(int status, BlobErrorCode code) =>
        new(status, code.ToString(), code.ToString(), null);

    private void ThrowIfAway()
    {
        if (IsAway)
        {
            throw new RequestFailedException("No answer.");
        }
    }

    /// <summary>Of several at once, one is first.</summary>
    private BlobContentInfo Write(string name, BinaryData content, BlobUploadOptions options)
    {
        lock (_writing)
        {
            var isThere = _blobs.TryGetValue(name, out var blob);
            if (options.Conditions.IfMatch is { } version ? !isThere || Tag(blob.Version) != version : isThere)
            {
                throw Refused(412, BlobErrorCode.ConditionNotMet);
            }

            var written = ++_version;
            _blobs[name] = (content.ToArray(), written);
            return LosesAnswers
                ? throw new RequestFailedException("No answer.")
                : BlobsModelFactory.BlobContentInfo(Tag(written), default, [], "", 0);
        }
    }

    private sealed class Blob(FakeLedgerContainer container, string name) : BlobClient
    {
        public override Task<Response<BlobDownloadStreamingResult>> DownloadStreamingAsync(
            BlobDownloadOptions? options = null,
            CancellationToken cancellationToken = default
        )
        {
            container.ThrowIfAway();
            var blob = container._blobs.TryGetValue(name, out var found)
                ? found
                : throw Refused(404, BlobErrorCode.BlobNotFound);
            return Task.FromResult(
                Response.FromValue(
                    BlobsModelFactory.BlobDownloadStreamingResult(
                        new MemoryStream(blob.Content),
                        BlobsModelFactory.BlobDownloadDetails(
                            contentLength: blob.Content.Length,
                            eTag: Tag(blob.Version)
                        )
                    ),
                    Mock.Of<Response>()
                )
            );
        }

        public override Task<Response<BlobContentInfo>> UploadAsync(
            BinaryData content,
            BlobUploadOptions options,
            CancellationToken cancellationToken = default
        )
        {
            container.BeforeWrite();
            container.ThrowIfAway();
            return Task.FromResult(Response.FromValue(container.Write(name, content, options), Mock.Of<Response>()));
        }
    }
}
