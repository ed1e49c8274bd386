using BackupFunctions.Check;
using BackupFunctions.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace BackupFunctions.Core.Tests.Check;

public sealed class StepRunnerTests
{
    private static readonly Finding Good = new(FindingType.SettingsGood, "any", "Good.");
    private static readonly TimeSpan StepTimeout = TimeSpan.FromSeconds(10);
    private readonly FakeTimeProvider _time = new(TestTime.Noon);

    [Fact]
    public async Task A_step_that_ignores_cancellation_is_reported_as_unfinished_after_its_timeout()
    {
        var (begun, quickEnded) = (new TaskCompletionSource(), new TaskCompletionSource());
        using var runner = Runner(progress: new Ended(quickEnded));

        var hangs = Step("hangs", async _ =>
        {
            begun.SetResult();
            await new TaskCompletionSource().Task;
            return [Good];
        });
        var isQuick = Step("is quick", _ => Task.FromResult<IReadOnlyList<Finding>>([Good]));

        var running = runner.RunAsync([hangs, isQuick], TestContext.Current.CancellationToken);
        await begun.Task;
        await quickEnded.Task;
        _time.Advance(StepTimeout);
        var found = await running;

        Assert.Equal(
            ["hangs: unfinished", "any: Good."],
            found.Select(one => $"{one.Finding.Subject}: {one.Finding.Sentence}")
        );
    }

    [Fact]
    public async Task Findings_come_in_the_order_of_the_steps_whichever_finishes_first()
    {
        using var runner = Runner();
        var second = new TaskCompletionSource();

        var found = await runner.RunAsync([Step("first", async _ =>
                {
                    await second.Task;
                    return [Good with { Subject = "first" }];
                }), Step("second", _ =>
                {
                    second.SetResult();
                    return Task.FromResult<IReadOnlyList<Finding>>([Good with { Subject = "second" }]);
                })], TestContext.Current.CancellationToken);

        Assert.Equal(["first", "second"], found.Select(one => one.Finding.Subject));
    }

    [Fact]
    public async Task No_more_steps_run_at_once_than_the_limit_allows()
    {
        using var runner = Runner(concurrency: 3);
        var (now, most) = (0, 0);

        await runner.RunAsync(
            [
                .. Enumerable
                    .Range(0, 30)
                    .Select(number => Step($"{number}", async _ =>
                        {
                            InterlockedMax(ref most, Interlocked.Increment(ref now));
                            await Task.Yield();
                            Interlocked.Decrement(ref now);
                            return [Good];
                        })),
            ],
            TestContext.Current.CancellationToken
        );

        Assert.InRange(most, 1, 3);
    }

    [Fact]
    public async Task A_failed_step_is_a_finding_without_the_exceptions_message()
    {
        using var runner = Runner();

        var found = await runner.RunAsync(
            [Step("breaks", _ => throw new InvalidOperationException("the words of the exception"))],
            TestContext.Current.CancellationToken
        );

        var finding = Assert.Single(found).Finding;
        Assert.Equal(
            ("check-broke", "This check failed unexpectedly (InvalidOperationException)."),
            (finding.Type.Id, finding.Sentence)
        );
    }

    [Fact]
    public async Task No_step_starts_after_the_total_timeout()
    {
        using var runner = Runner();
        _time.Advance(StepRunner.TotalTimeout + TimeSpan.FromSeconds(1));

        var found = await runner.RunAsync(
            [Step("late", _ => throw new InvalidOperationException("It began."))],
            TestContext.Current.CancellationToken
        );

        Assert.Equal("out-of-time", found[0].Finding.Type.Id);
    }

    [Fact]
    public async Task A_cancelled_check_returns_no_report()
    {
        using var runner = Runner();
        using var given = new CancellationTokenSource();

        var running = runner.RunAsync([Step("hangs", async _ =>
                {
                    await given.CancelAsync();
                    await new TaskCompletionSource().Task;
                    return [];
                })], given.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task Progress_reports_the_running_steps_and_the_worst_level()
    {
        var told = new List<CheckProgress>();
        using var runner = Runner(progress: new Listener(told));

        await runner.RunAsync(
            [
                Step("one", _ =>
                    Task.FromResult<IReadOnlyList<Finding>>([Good, new Finding(FindingType.SettingRefused, "x", "y")])
                ),
            ],
            TestContext.Current.CancellationToken
        );

        Assert.Equal(
            [(1, 0, null), (1, 0, null), (1, 1, (FindingLevel?)FindingLevel.Error)],
            told.Select(progress => (progress.Planned, progress.Ended, progress.Level))
        );
        Assert.Equal(["", "one", ""], told.Select(progress => string.Join(',', progress.Running)));
    }

    private static CheckStep Step(string subject, Func<CancellationToken, Task<IReadOnlyList<Finding>>> run) =>
        new(CheckGroup.Servers, new Finding(FindingType.ServerUnreachable, subject, "unfinished"), run);

    private static void InterlockedMax(ref int most, int value)
    {
        for (var known = most; value > known; known = most)
        {
            Interlocked.CompareExchange(ref most, value, known);
        }
    }

    private StepRunner Runner(IProgress<CheckProgress>? progress = null, int concurrency = 16) =>
        new(_time, NullLogger.Instance, progress, StepTimeout, concurrency);

    /// <summary>Signals when the first step has ended.</summary>
    private sealed class Ended(TaskCompletionSource first) : IProgress<CheckProgress>
    {
        public void Report(CheckProgress value)
        {
            if (value.Ended == 1)
            {
                first.TrySetResult();
            }
        }
    }

    private sealed class Listener(List<CheckProgress> told) : IProgress<CheckProgress>
    {
        public void Report(CheckProgress value) => told.Add(value);
    }
}
