namespace BackupFunctions.Testing;

/// <summary>Azurite's blob service, in memory, on its own port.</summary>
public sealed class AzuriteServer : IAsyncDisposable
{
    public const string AccountName = "devstoreaccount1";

    /// <summary>Azurite's published key, the same everywhere.</summary>
    public const string AccountKey =
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private const string ReadyMarker = "successfully listens on ";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly ChildProcess _process;

    private AzuriteServer(ChildProcess process, Uri address)
    {
        _process = process;
        BlobEndpoint = new Uri(address, AccountName);
        SuiteLog.Guard(AccountKey);
    }

    public Uri BlobEndpoint { get; }

    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={AccountName};AccountKey={AccountKey};BlobEndpoint={BlobEndpoint};";

    public static async Task<AzuriteServer> StartAsync()
    {
        // Port 0: a free one, which it reports.
        var (process, ready) = await NodeProcess.StartAsync(
            "azurite.mjs",
            ["--silent", "--skipApiVersionCheck", "--disableTelemetry", "--inMemoryPersistence", "--blobPort", "0"],
            ReadyMarker
        );
        return new AzuriteServer(
            process,
            new Uri(ready[(ready.IndexOf(ReadyMarker, StringComparison.Ordinal) + ReadyMarker.Length)..])
        );
    }

    /// <summary>
    /// Cuts open connections and refuses new ones until it is started again; blobs and leases remain.
    /// </summary>
    public Task StopAsync() => AskAsync("stop", "stopped");

    /// <summary>Starts it again on the same port, with its blobs.</summary>
    public Task StartAgainAsync() => AskAsync("start", "started");

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task AskAsync(string command, string answer)
    {
        await _process.WriteLineAsync(command);
        await _process.ExpectAsync(answer, Patience);
    }
}
