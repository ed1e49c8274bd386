using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Ledger;
using BackupFunctions.Status;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Status;

public sealed class StatusReaderTests
{
    private readonly TokenWorld _world = new();

    [Fact]
    public async Task An_instance_reports_the_token_that_another_one_recorded()
    {
        var token = await _world.Process.GetAsync();
        var other = _world.StartProcess(ledger: _world.Process.Ledger);

        var status = await other.StatusAsync();

        Assert.Equal((ConnectionHealth.Healthy, token.Metadata), (status.Health, status.Token));
        Assert.Equal(0, _world.Store.Lists);
    }

    [Fact]
    public async Task A_connection_is_renewing_while_the_vendor_is_called_and_not_before()
    {
        var held = _world.Vendor.HoldsOnce();
        var renewal = _world.Process.GetAsync();
        await held.Entered;

        var during = await _world.Process.StatusAsync();
        held.Release();
        await renewal;

        Assert.Equal(
            (ConnectionHealth.Renewing, "Renewing the token; there is no usable token."),
            (during.Health, during.Summary)
        );
        Assert.Equal(ConnectionHealth.Healthy, (await _world.Process.StatusAsync()).Health);
    }

    [Fact]
    public async Task Reading_the_vault_is_not_a_renewal()
    {
        var held = new HeldCall();
        _world.Store.BeforeRead = held.EnterAsync;
        var call = _world.Process.GetAsync();
        await held.Entered;

        var during = await _world.Process.StatusAsync();
        held.Release();
        await call;

        Assert.Equal(ConnectionHealth.Never, during.Health);
    }

    [Fact]
    public async Task Every_instance_reports_a_failure_and_the_current_token()
    {
        await _world.Process.GetAsync();
        _world.Advance(3000);
        _world.Vendor.FailsOnce(FailureKind.VendorUnavailable);
        await _world.Process.GetAsync();
        var other = _world.StartProcess(ledger: _world.Process.Ledger);

        var status = await other.StatusAsync();

        Assert.Equal(
            (ConnectionHealth.BackingOff, FailureKind.VendorUnavailable),
            (status.Health, status.Entry.LastFailure!.Kind)
        );
        Assert.Contains("the current token is valid for 10 min", status.Summary, StringComparison.Ordinal);
        Assert.InRange(status.NextAttempt!.Value - _world.Now, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_fresh_process_without_storage_lists_the_vault_once_a_minute()
    {
        var token = _world.ForeignToken(age: 600);
        _world.Store.Put(_world.Connection, token);

        var status = await _world.Process.StatusAsync();
        await _world.Process.StatusAsync();
        var listsAtOnce = _world.Store.Lists;
        _world.Advance(60);
        await _world.Process.StatusAsync();

        Assert.Equal((ConnectionHealth.Healthy, token.Fingerprint), (status.Health, status.Token!.Fingerprint));
        Assert.Equal((1, 2, 0), (listsAtOnce, _world.Store.Lists, _world.Store.Reads));
    }

    [Fact]
    public async Task A_slow_vault_delays_a_status_by_seconds_only_and_is_listed_less_often()
    {
        _world.Store.Put(_world.Connection, _world.ForeignToken());
        var held = new HeldCall();
        _world.Store.BeforeList = held.EnterAsync;
        var first = _world.Process.StatusAsync();
        await held.Entered;
        await _world.AdvanceUntilAsync(() => first.IsCompleted);
        _world.Advance(28);
        var second = _world.Process.StatusAsync();
        held.Release();
        await second;
        _world.Advance(120);

        await _world.Process.StatusAsync();

        Assert.Equal((ConnectionHealth.Never, ConnectionHealth.Healthy), ((await first).Health, (await second).Health));
        Assert.Equal(1, _world.Store.Lists);
    }

    [Fact]
    public async Task A_vault_that_does_not_answer_costs_a_status_only_what_the_vault_alone_knows()
    {
        _world.Store.Outage = FailureKind.VaultAccessDenied;

        var status = await _world.Process.StatusAsync();

        Assert.Equal(ConnectionHealth.Never, status.Health);
        Assert.Contains(_world.Process.Log.Events, logged => logged.EventId.Id == 1101);
    }

    [Fact]
    public async Task Five_thousand_recorded_connections_need_no_vault_call()
    {
        var world = new TokenWorld(furtherConnections: [.. Enumerable.Range(0, 4999).Select(i => $"c{i:0000}")]);
        foreach (var target in world.Connections)
        {
            await world.Process.Ledger.UpdateAsync(
                target.Key,
                _ => new LedgerEntry
                {
                    LastSuccess = world.Now,
                    Token = new TokenMetadata("0011223344556677", world.Now, world.Now.AddHours(1)),
                },
                CancellationToken.None
            );
        }

        var report = await world.Process.Status.ReadAsync(CancellationToken.None);

        Assert.Equal(5000, report.Connections.Count);
        Assert.All(report.Connections, status => Assert.Equal(ConnectionHealth.Healthy, status.Health));
        Assert.Equal((0, 0, 0), (world.Store.Reads, world.Store.Lists, world.Credentials.VaultReads));
        Assert.Equal("c0000", report.Connections[0].Connection.Key.Connection);
    }

    [Fact]
    public async Task A_status_creates_no_state_in_memory()
    {
        await _world.Process.StatusAsync();

        Assert.False(_world.Process.States.Contains(_world.Connection.Key));
    }
}
