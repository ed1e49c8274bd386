namespace BackupFunctions.Emulators.Tests;

public sealed class CountersTests
{
    [Fact]
    public async Task Counts_by_endpoint_whatever_the_outcome()
    {
        await using var station = await StartAsync();

        using var discovery = await station.GetAsync("/.well-known/openid-configuration");
        using var keys = await station.GetAsync("/.well-known/openid-configuration/jwks");
        using var refused = await station.PostFormAsync("/connect/token", ("grant_type", "client_credentials"));
        using var api = await station.GetAsync("/v1/customers");
        using var unknown = await station.GetAsync("/connect/token");

        Assert.Equal(
            new Dictionary<string, int>
            {
                ["token"] = 1,
                ["discovery"] = 1,
                ["jwks"] = 1,
                ["revocation"] = 0,
                ["api"] = 1,
                ["unknown"] = 1,
            },
            station.Emulator.Counters.Snapshot()
        );
        Assert.Equal(5, station.Emulator.Counters.Total);
        Assert.Equal(1, station.Emulator.Counters.RefusedSignIns);
    }

    [Fact]
    public async Task Knows_how_many_calls_were_under_way_at_once()
    {
        await using var station = await StartAsync();
        station.Emulator.Faults.Add(Endpoints.Discovery, Fault.Delay(TimeSpan.FromSeconds(1)), times: 3);
        var calls = Enumerable.Range(0, 3).Select(_ => station.GetAsync("/.well-known/openid-configuration")).ToList();
        await station.Emulator.Counters.WaitForAsync(Endpoints.Discovery, 3, TestContext.Current.CancellationToken);
        await station.Emulator.Faults.WaitUntilHeldAsync(3, TestContext.Current.CancellationToken);
        var underWay = station.Emulator.Counters.UnderWay;
        station.Time.Advance(TimeSpan.FromSeconds(1));
        await Task.WhenAll(calls);

        using var alone = await station.GetAsync("/.well-known/openid-configuration");

        Assert.Equal(3, underWay);
        Assert.Equal(3, station.Emulator.Counters.MaxConcurrent(Endpoints.Discovery));
        Assert.Equal(4, station.Emulator.Counters[Endpoints.Discovery]);
    }

    [Fact]
    public async Task A_misspelt_endpoint_is_an_error()
    {
        await using var station = await StartAsync();

        var failure = Assert.Throws<ArgumentException>(() => station.Emulator.Counters["tokn"]);

        Assert.Contains("'tokn'", failure.Message, StringComparison.Ordinal);
    }

    private static Task<Station<BackupNetEmulator>> StartAsync() =>
        Station.StartAsync(static options => new BackupNetEmulator(options));
}
