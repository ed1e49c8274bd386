using BackupFunctions.Tokens;
using BenchmarkDotNet.Attributes;

namespace BackupFunctions.Benchmarks;

/// <summary>Asks for tokens that are in memory: each time for another connection's, in an order that no cache of the processor foresees.</summary>
[MemoryDiagnoser]
public class WarmHitBenchmark
{
    /// <summary>Calls in one measured round. MSAL makes fewer, so that a round of its takes no longer.</summary>
    private const int BrokerCalls = 10_000;
    private const int MsalCalls = 1_000;

    private NearService _service = null!;
    private VendorConnection[] _targets = [];
    private MsalPeer _msal = null!;
    private int[] _tokens = [];

    [Params(1, 10_000)]
    public int Connections { get; set; }

    [GlobalSetup(Target = nameof(Broker))]
    public async Task StartBrokerAsync()
    {
        _service = await NearService.StartAsync(Connections);
        _targets = [.. Order.Of(Connections, BrokerCalls).Select(i => _service.Connections[i])];
    }

    [GlobalSetup(Target = nameof(MsalAsync))]
    public async Task StartMsalAsync()
    {
        _msal = await MsalPeer.StartAsync(Connections);
        _tokens = Order.Of(Connections, MsalCalls);
    }

    [Benchmark(OperationsPerInvoke = BrokerCalls)]
    public int Broker()
    {
        var length = 0;
        foreach (var target in _targets)
        {
            length += _service.Hit(target).Reveal().Length;
        }

        return length;
    }

    [Benchmark(OperationsPerInvoke = MsalCalls)]
    public async Task<int> MsalAsync()
    {
        var length = 0;
        foreach (var token in _tokens)
        {
            length += (await _msal.AcquireAsync(token)).AccessToken.Length;
        }

        return _msal.Granted == Connections ? length : throw new InvalidOperationException("That was no warm hit.");
    }

    [GlobalCleanup(Target = nameof(Broker))]
    public Task StopBrokerAsync() => _service.DisposeAsync().AsTask();

    [GlobalCleanup(Target = nameof(MsalAsync))]
    public void StopMsal() => _msal.Dispose();
}
