using Azure.Core;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using BackupFunctions.AzureSdk;
using BackupFunctions.Connections;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Locking;
using BackupFunctions.Randomness;
using BackupFunctions.Settings;
using BackupFunctions.Storage;
using BackupFunctions.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace BackupFunctions.Core.Tests.Storage;

/// <summary>The lock of one process, on its own clock, with its requests and its log.</summary>
internal sealed class LockUnderTest : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly ILoggerFactory _logging;
    private readonly BlobContainerClient _container;

    /// <summary>
    /// By default the container is the app's, where tests use separate connections, and the clock is <see
    /// cref="Time"/>.
    /// </summary>
    public LockUnderTest(
        string connectionString,
        string container = BlobLeaseRefreshLock.ContainerName,
        TimeProvider? time = null
    )
    {
        _logging = LoggerFactory.Create(logging => logging.AddSuiteLog().AddRecorder(Log));
        _container = new StorageOptions { ConnectionString = connectionString }
            .CreateClient(Adjust)
            .GetBlobContainerClient(container);
        Lock = new BlobLeaseRefreshLock(
            _container,
            time ?? Time,
            new RandomSource(),
            _logging.CreateLogger<BlobLeaseRefreshLock>()
        );
    }

    public BlobLeaseRefreshLock Lock { get; }

    public FakeTimeProvider Time { get; } = new();

    public StorageRequests Requests { get; } = new();

    public LostAnswers Lost { get; } = new();

    public LogRecorder Log { get; } = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A connection that no other test uses.</summary>
    public static ConnectionKey NewConnection() => new("acronis", new RandomSource().NextGuid().ToString("n"));

    public Task<IRefreshLease> AcquireAsync(ConnectionKey key) => Lock.AcquireAsync(key, Cancel);

    /// <summary>Another process takes the lock and never renews it.</summary>
    public Task TakeAsSomebodyElseAsync(ConnectionKey key) =>
        SomebodyElse(key).AcquireAsync(BlobRefreshLease.Duration, cancellationToken: Cancel);

    /// <summary>Breaks the lease, as if it had expired.</summary>
    public Task BreakAsync(ConnectionKey key) => SomebodyElse(key).BreakAsync(TimeSpan.Zero, cancellationToken: Cancel);

    public int Count(int eventId) => Log.Events.Count(logged => logged.EventId.Id == eventId);

    /// <summary>Advances the clock, but not during requests to storage.</summary>
    public async Task AdvanceAsync(TimeSpan span)
    {
        for (var passed = TimeSpan.Zero; passed < span; passed += Step)
        {
            await SettleAsync();
            Time.Advance(Step);
        }

        await SettleAsync();
    }

    public async Task AdvanceUntilEndOfAsync(Task task)
    {
        while (!task.IsCompleted)
            await AdvanceAsync(Step);
    }

    public static async Task UntilAsync(Func<bool> condition)
    {
        using var timeout = new CancellationTokenSource(Patience, TimeProvider.System);
        while (!condition())
            await Task.Delay(Breath, TimeProvider.System, timeout.Token);
    }

    public void Dispose() => _logging.Dispose();

    private BlobLeaseClient SomebodyElse(ConnectionKey key) =>
        _container.GetBlobClient($"{key}.lock").GetBlobLeaseClient();

    private async Task SettleAsync()
    {
        await Task.Delay(Breath, TimeProvider.System, Cancel);
        await UntilAsync(() => Requests.UnderWay == 0);
        await Task.Delay(Breath, TimeProvider.System, Cancel);
    }

    private void Adjust(BlobClientOptions options)
    {
        options.AddPolicy(Requests, HttpPipelinePosition.PerCall);
        options.AddPolicy(Lost, HttpPipelinePosition.PerRetry);
        options.RetryPolicy = new BoundedRetryPolicy(TimeProvider.System, delays: new NoDelay());
    }
}
