using BackupFunctions.Access;
using BackupFunctions.Audit;
using BackupFunctions.Core.Tests.FaultMatrix;
using BackupFunctions.Core.Tests.Tokens;
using BackupFunctions.Http;
using BackupFunctions.Settings;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Core.Tests.Http;

/// <summary>Alone, because instruments are of the whole process, and other tests listen to them.</summary>
[Collection(nameof(Alone))]
public sealed class WarmRequestCostTests
{
    /// <summary>Tasks, closures and the lambda's caller; a reply that is written anew would be six times the token alone.</summary>
    private const int MostBytes = 1_500;
    private const int TokenLength = 2_000;

    private readonly TokenWorld _world = new();

    [Fact]
    public async Task A_warm_request_allocates_nothing_that_grows_with_the_token()
    {
        _world.Vendor.AlwaysGrants = SuiteLog.Guard(new string('w', TokenLength));
        var handlers = Handlers();
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
                var result = await handlers.GetTokenAsync(context.Request, FakeVendor.VendorName, connection: null, CancellationToken.None);
                await result.ExecuteAsync(context);
            }
        }
    }

    private TokenHandlers Handlers()
    {
        var audit = new AuditTrail(NullLoggerFactory.Instance);
        var gate = new AccessGate(new Platform(Caller.Key, AuthenticatesCallers: false), requiresRoles: false, audit);
        var directory = new ConnectionDirectory([_world.Vendor], _world.Connections, new Dictionary<string, RefreshSchedule>());
        var news = new ConnectionNews(directory, _world.Time, NullLogger<ConnectionNews>.Instance);
        return new TokenHandlers(
            gate, audit, directory, news, _world.Process.Broker, _world.Process.Tenants, new RenewalOptions(), _world.Time, NullLogger<TokenHandlers>.Instance);
    }
}
