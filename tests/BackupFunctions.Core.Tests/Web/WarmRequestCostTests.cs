using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Core.Tests.FaultMatrix;
using BackupFunctions.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Core.Tests.Web;

/// <summary>Alone, because instruments are of the whole process, and other tests listen to them.</summary>
[Collection(nameof(Alone))]
public sealed class WarmRequestCostTests
{
    /// <summary>
    /// Tasks, closures and the lambda's caller; a reply that is written anew would be six times the token alone.
    /// </summary>
    private const int MostBytes = 1_500;
    private const int TokenLength = 2_000;

    private readonly TokenWorld _world = new();

    [Fact]
    public async Task A_warm_request_allocates_nothing_that_grows_with_the_token()
    {
        _world.Vendor.AlwaysGrants = SuiteLog.Guard(new string('w', TokenLength));
        using var provider = new ToldAndDropped();
        using var logs = LoggerFactory.Create(logging =>
            logging.AddProvider(provider).SetMinimumLevel(LogLevel.Information)
        );
        var front = new Front(_world, logs: logs);
        var context = new DefaultHttpContext();
        await AnswerAsync(100);

        var before = GC.GetAllocatedBytesForCurrentThread();
        await AnswerAsync(1_000);
        var allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / 1_000;

        Assert.Equal(StatusCodes.Status200OK, context.Response.StatusCode);
        Assert.InRange(allocated, 0, MostBytes);

        async Task AnswerAsync(int times)
        {
            for (var i = 0; i < times; i++)
            {
                var result = await front.Handlers.GetTokenAsync(
                    context.Request,
                    FakeVendor.VendorName,
                    connection: null,
                    CancellationToken.None
                );
                await result.ExecuteAsync(context);
            }
        }
    }

    /// <summary>Every event is worth telling here, and then forgotten.</summary>
    private sealed class ToldAndDropped : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            // What a sink makes of it costs what the sink costs.
        }

        public void Dispose()
        {
            // There is nothing to end.
        }
    }
}
