using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Core.Tests.FaultMatrix;
using BackupFunctions.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Core.Tests.Web;

/// <summary>Runs alone: instruments belong to the whole process, and other tests listen to them.</summary>
[Collection(nameof(Alone))]
public sealed class WarmRequestCostTests
{
    private const int TokenLength = 2_000;

    /// <summary>
    /// The reply has the token twice in UTF-8; the value of the Authorization header is a UTF-16 string.
    /// </summary>
    private const int ReplyBytes = 4 * TokenLength;

    /// <summary>Tasks, closures, the caller, the instant in the audit event, and the other fields of the reply.</summary>
    private const int OtherBytes = 2_400;

    private readonly TokenWorld _world = new();

    [Fact]
    public async Task A_warm_request_allocates_its_reply_and_little_more()
    {
        _world.Vendor.AlwaysGrants = SuiteLog.Guard(new string('w', TokenLength));
        using var provider = new DiscardingLogger();
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
        Assert.InRange(allocated, 0, ReplyBytes + OtherBytes);

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

    /// <summary>Enables every event and discards it.</summary>
    private sealed class DiscardingLogger : ILoggerProvider, ILogger
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
            // The cost of a sink is not measured.
        }

        public void Dispose()
        {
            // Nothing to dispose.
        }
    }
}
