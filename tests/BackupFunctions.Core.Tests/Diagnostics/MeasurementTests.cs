using System.Diagnostics;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Core.Tests.Web;
using BackupFunctions.Diagnostics;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Diagnostics;

public sealed class MeasurementTests : IDisposable
{
    private readonly Listening _listening = new();
    private readonly TokenWorld _world = new();

    public void Dispose() => _listening.Dispose();

    [Fact]
    public async Task A_request_is_counted_by_vendor_and_outcome_with_the_remaining_lifetime()
    {
        var front = new Front(_world);

        await front.GetAsync();
        _world.Advance(100);
        await front.GetAsync();

        var counted = new Listening.Measurement(Instruments.Requests, 1, "vendor=fake outcome=ok");
        Assert.Equal([counted, counted], _listening.Of(Instruments.Requests));
        Assert.Equal([3600, 3500], _listening.Of(Instruments.RemainingLifetime).Select(one => one.Value));
        Assert.All(_listening.Of(Instruments.RemainingLifetime), one => Assert.Equal("vendor=fake", one.Tags));
    }

    [Theory]
    [InlineData("fake", "?minimumLifetime=x", "vendor=fake outcome=invalid-parameter")]
    [InlineData("made-up-4711", "", "vendor=unknown outcome=unknown-vendor")]
    public async Task A_failed_request_is_counted_by_its_problem_and_unknown_names_are_one_value(
        string vendor,
        string query,
        string tags
    )
    {
        var front = new Front(_world);

        await front.GetAsync(vendor, query: query);

        Assert.Equal([tags], _listening.Of(Instruments.Requests).Select(one => one.Tags));
        Assert.Empty(_listening.Of(Instruments.RemainingLifetime));
    }

    [Fact]
    public async Task A_caller_that_hangs_up_is_its_own_outcome()
    {
        var front = new Front(_world);
        var held = _world.Vendor.HoldsOnce();
        using var gone = new CancellationTokenSource();

        var call = front.GetAsync(cancellationToken: gone.Token);
        await held.Entered;
        await gone.CancelAsync();
        await call;
        held.Release();
        await _world.Process.DrainAsync();

        Assert.Equal(["vendor=fake outcome=caller-gone"], _listening.Of(Instruments.Requests).Select(one => one.Tags));
    }

    [Fact]
    public async Task A_renewal_its_vendor_call_and_its_lock_wait_are_measured_on_our_clock()
    {
        _world.Vendor.Takes = TimeSpan.FromSeconds(3);

        await _world.Process.GetAsync();

        Assert.Equal(
            [new Listening.Measurement(Instruments.RenewalDuration, 3, "vendor=fake outcome=ok")],
            _listening.Of(Instruments.RenewalDuration)
        );
        Assert.Equal(
            [new Listening.Measurement(Instruments.VendorCallDuration, 3, "vendor=fake outcome=ok")],
            _listening.Of(Instruments.VendorCallDuration)
        );
        Assert.Equal(
            [new Listening.Measurement(Instruments.LockWaitDuration, 0, "vendor=fake outcome=ok")],
            _listening.Of(Instruments.LockWaitDuration)
        );
        Assert.Empty(_listening.Of(Instruments.BackOffs));
    }

    [Fact]
    public async Task A_failed_renewal_is_measured_by_its_problem_and_its_back_off_is_counted()
    {
        _world.Vendor.FailsOnce(FailureKind.VendorThrottled);

        await Assert.ThrowsAsync<TokenException>(() => _world.Process.GetAsync());
        await Assert.ThrowsAsync<TokenException>(() => _world.Process.GetAsync());

        Assert.Equal(
            "vendor=fake outcome=vendor-throttled",
            Assert.Single(_listening.Of(Instruments.RenewalDuration)).Tags
        );
        Assert.Equal(
            "vendor=fake outcome=vendor-throttled",
            Assert.Single(_listening.Of(Instruments.VendorCallDuration)).Tags
        );
        Assert.Equal("vendor=fake kind=vendor-throttled", Assert.Single(_listening.Of(Instruments.BackOffs)).Tags);
    }

    [Fact]
    public async Task An_unavailable_lock_is_an_outcome_of_the_wait()
    {
        _world.Locks.IsHeldElsewhere = true;

        await Assert.ThrowsAsync<TokenException>(() => _world.Process.GetAsync());

        Assert.Equal(
            "vendor=fake outcome=held-by-other",
            Assert.Single(_listening.Of(Instruments.LockWaitDuration)).Tags
        );
        Assert.Empty(_listening.Of(Instruments.RenewalDuration));
    }

    [Fact]
    public async Task A_tenants_token_is_a_vendor_call_too()
    {
        await _world.Process.GetForTenantAsync(Guid.Parse("11111111-2222-3333-4444-555555555555"));

        Assert.Equal(2, _listening.Of(Instruments.VendorCallDuration).Count);
    }

    [Fact]
    public async Task The_spans_of_a_request_are_one_trace_and_name_its_connection()
    {
        var front = new Front(_world);

        await front.GetAsync(query: "?code=a-key-that-is-secret");

        var request = _listening.Span(Spans.GetToken);
        var renewal = _listening.Span(Spans.Renewal);
        Assert.Equal(request.SpanId, renewal.ParentSpanId);
        Assert.Equal(renewal.SpanId, _listening.Span(Spans.LockWait).ParentSpanId);
        Assert.Equal(
            (renewal.SpanId, ActivityKind.Client),
            (_listening.Span(Spans.VendorCall).ParentSpanId, _listening.Span(Spans.VendorCall).Kind)
        );
        Assert.All(_listening.Spans, span =>
        {
            Assert.Equal(("fake", "default"), (span.GetTagItem("vendor"), span.GetTagItem("connection")));
            Assert.Equal((ActivityStatusCode.Unset, null), (span.Status, span.GetTagItem("error.type")));
            Assert.DoesNotContain(span.TagObjects, tag => $"{tag.Value}".Contains("a-key", StringComparison.Ordinal));
        });
    }

    [Fact]
    public async Task The_spans_of_a_failure_name_its_problem()
    {
        var front = new Front(_world);
        _world.Vendor.FailsOnce(FailureKind.VendorUnavailable);

        await front.GetAsync();

        Assert.All(
            [_listening.Span(Spans.GetToken), _listening.Span(Spans.Renewal), _listening.Span(Spans.VendorCall)],
            span =>
                Assert.Equal(
                    (ActivityStatusCode.Error, "vendor-unavailable"),
                    (span.Status, span.GetTagItem("error.type"))
                )
        );
        Assert.Equal(ActivityStatusCode.Unset, _listening.Span(Spans.LockWait).Status);
    }
}
