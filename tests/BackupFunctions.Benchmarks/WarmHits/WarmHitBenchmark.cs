using BackupFunctions.Connections;
using BackupFunctions.Tokens;
using BenchmarkDotNet.Attributes;

namespace BackupFunctions.Benchmarks.WarmHits;

/// <summary>
/// Gets tokens from memory: one connection's again and again, and all connections' in turn, in an order that the
/// processor cannot predict.
/// </summary>
[MemoryDiagnoser]
public class WarmHitBenchmark
{
    /// <summary>Calls in one measured round; fewer for MSAL, so that its rounds take no longer.</summary>
    private const int BrokerCalls = 10_000;
    private const int MsalCalls = 1_000;

    private NearService _service = null!;
    private Connection _one = null!;
    private Connection[] _inTurn = [];
    private AccessToken[] _tokens = [];
    private MsalPeer _msal = null!;
    private int[] _order = [];

    [Params(1, 10_000)]
    public int Connections { get; set; }

    [GlobalSetup(Targets = [nameof(Broker), nameof(BrokerInTurn), nameof(MemoryInTurn)])]
    public async Task StartBrokerAsync()
    {
        _service = await NearService.StartAsync(Connections);
        _one = _service.Connections[Connections / 2];
        _inTurn = [.. Order.Of(Connections, BrokerCalls).Select(i => _service.Connections[i])];
        _tokens = [.. _inTurn.Select(_service.Hit)];
    }

    [GlobalSetup(Targets = [nameof(MsalAsync), nameof(MsalInTurnAsync)])]
    public async Task StartMsalAsync()
    {
        _msal = await MsalPeer.StartAsync(Connections);
        _order = Order.Of(Connections, MsalCalls);
    }

    [Benchmark(OperationsPerInvoke = BrokerCalls)]
    public AccessToken? Broker()
    {
        AccessToken? token = null;
        for (var i = 0; i < BrokerCalls; i++)
        {
            token = _service.Hit(_one);
        }

        return token;
    }

    [Benchmark(OperationsPerInvoke = BrokerCalls)]
    public AccessToken? BrokerInTurn()
    {
        AccessToken? token = null;
        foreach (var target in _inTurn)
        {
            token = _service.Hit(target);
        }

        return token;
    }

    /// <summary>Reads the clock, each connection and each token: what every broker must do.</summary>
    [Benchmark(OperationsPerInvoke = BrokerCalls)]
    public int MemoryInTurn()
    {
        var alive = 0;
        for (var i = 0; i < _tokens.Length; i++)
        {
            alive += _inTurn[i].RefreshBefore is null && _tokens[i].ExpiresAt > TimeProvider.System.GetUtcNow() ? 1 : 0;
        }

        return alive;
    }

    [Benchmark(OperationsPerInvoke = MsalCalls)]
    public async Task<int> MsalAsync()
    {
        var length = 0;
        for (var i = 0; i < MsalCalls; i++)
        {
            length += (await _msal.AcquireAsync(Connections / 2)).AccessToken.Length;
        }

        return _msal.Granted == Connections
            ? length
            : throw new InvalidOperationException("The token was not in memory.");
    }

    [Benchmark(OperationsPerInvoke = MsalCalls)]
    public async Task<int> MsalInTurnAsync()
    {
        var length = 0;
        foreach (var token in _order)
        {
            length += (await _msal.AcquireAsync(token)).AccessToken.Length;
        }

        return _msal.Granted == Connections
            ? length
            : throw new InvalidOperationException("The token was not in memory.");
    }

    [GlobalCleanup(Targets = [nameof(Broker), nameof(BrokerInTurn), nameof(MemoryInTurn)])]
    public Task StopBrokerAsync() => _service.DisposeAsync().AsTask();

    [GlobalCleanup(Targets = [nameof(MsalAsync), nameof(MsalInTurnAsync)])]
    public void StopMsal() => _msal.Dispose();
}
