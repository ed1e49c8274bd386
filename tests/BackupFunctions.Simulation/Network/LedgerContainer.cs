using System.Globalization;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using BackupFunctions.Storage;

namespace BackupFunctions.Simulation;

/// <summary>The ledger's blobs: read whole, and written only if the version that was read is current.</summary>
internal sealed class BlobStorage
{
    private readonly Dictionary<string, (BinaryData Body, int Version)> _blobs = new(StringComparer.Ordinal);
    private int _version;

    public BinaryData? Find(string name) => _blobs.TryGetValue(name, out var blob) ? blob.Body : null;

    public (BinaryData Body, ETag Version) Read(string name) =>
        _blobs.TryGetValue(name, out var blob)
            ? (blob.Body, Tag(blob.Version))
            : throw Refused(404, BlobErrorCode.BlobNotFound);

    public IReadOnlyList<BlobItem> List() =>
        [
            .. _blobs
                .OrderBy(static blob => blob.Key, StringComparer.Ordinal)
                .Select(static blob =>
                    BlobsModelFactory.BlobItem(
                        blob.Key,
                        false,
                        BlobsModelFactory.BlobItemProperties(false, eTag: Tag(blob.Value.Version))
                    )
                ),
        ];

    public ETag Write(string name, BinaryData body, BlobRequestConditions over)
    {
        var isThere = _blobs.TryGetValue(name, out var blob);
        if (over.IfNoneMatch is not null && isThere)
        {
            throw Refused(409, BlobErrorCode.BlobAlreadyExists);
        }

        if (over.IfMatch is { } version && !(isThere && Tag(blob.Version) == version))
        {
            throw Refused(412, BlobErrorCode.ConditionNotMet);
        }

        _blobs[name] = (body, ++_version);
        return Tag(_version);
    }

    private static ETag Tag(int version) => new(version.ToString(CultureInfo.InvariantCulture));

    private static RequestFailedException Refused(int status, BlobErrorCode code) =>
        new(status, code.ToString(), code.ToString(), null);
}

/// <summary>An instance's client of the ledger's container.</summary>
internal sealed class LedgerContainer(World world, Instance instance) : BlobContainerClient
{
    public override string Name => BlobLedger.ContainerName;

    public override BlobClient GetBlobClient(string blobName) => new Blob(world, instance, blobName);

    public override AsyncPageable<BlobItem> GetBlobsAsync(
        GetBlobsOptions? options = null,
        CancellationToken cancellationToken = default
    ) => new Blobs(world, instance, cancellationToken);

    private sealed class Blobs(World world, Instance instance, CancellationToken cancellationToken)
        : AsyncPageable<BlobItem>(cancellationToken)
    {
        public override async IAsyncEnumerable<Page<BlobItem>> AsPages(
            string? continuationToken = null,
            int? pageSizeHint = null
        )
        {
            var blobs = await world.Network.AskAsync(
                instance,
                world.StorageServer,
                world.Storage.List,
                CancellationToken
            );
            yield return Page<BlobItem>.FromValues(blobs, null, new BareResponse(200, ""));
        }
    }

    private sealed class Blob(World world, Instance instance, string name) : BlobClient
    {
        public override async Task<Response<BlobDownloadStreamingResult>> DownloadStreamingAsync(
            BlobDownloadOptions? options = null,
            CancellationToken cancellationToken = default
        )
        {
            var (body, version) = await world.Network.AskAsync(
                instance,
                world.StorageServer,
                () => world.Storage.Read(name),
                cancellationToken
            );
            return Response.FromValue(
                BlobsModelFactory.BlobDownloadStreamingResult(
                    body.ToStream(),
                    BlobsModelFactory.BlobDownloadDetails(contentLength: body.ToMemory().Length, eTag: version)
                ),
                new BareResponse(200, "")
            );
        }

        public override async Task<Response<BlobContentInfo>> UploadAsync(
            BinaryData content,
            BlobUploadOptions options,
            CancellationToken cancellationToken = default
        )
        {
            var version = await world.Network.AskAsync(
                instance,
                world.StorageServer,
                () => world.Storage.Write(name, content, options.Conditions),
                cancellationToken
            );
            return Response.FromValue(
                BlobsModelFactory.BlobContentInfo(version, default, [], "", 0),
                new BareResponse(201, "")
            );
        }
    }
}
