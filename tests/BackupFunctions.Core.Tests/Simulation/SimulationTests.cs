using BackupFunctions.Simulation;
using BackupFunctions.Testing;

namespace BackupFunctions.Core.Tests.Simulation;

/// <summary>A few days of a few seeds; the long run has a command of its own (README, "For developers").</summary>
public sealed class SimulationTests
{
    private static readonly TimeSpan Length = TimeSpan.FromDays(2);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Nothing_happens_that_must_never_happen(int seed)
    {
        var run = SeedRun.Of(seed, Length);

        Assert.Empty(run.Violations);
        Assert.Equal((0, 48), (run.Figures.Violations, run.Figures.SimulatedHours));
        Assert.True(
            run.Figures is { HandOuts: > 100, Renewals: > 20, VendorCalls: > 20, Storms: > 0 },
            "Hardly anything happened."
        );
    }

    [Fact]
    public void Accounts_are_signed_out_and_in_again_and_enrolled()
    {
        var run = SeedRun.Of(32, Length);

        Assert.Empty(run.Violations);
        Assert.True(run.Figures is { SignOuts: > 0, Enrolments: > 0 }, "Nobody did.");
    }

    [Fact]
    public void Clocks_of_instances_are_set_back_and_forth_and_no_dead_token_is_handed_out()
    {
        var run = SeedRun.Of(7, Length);

        Assert.Empty(run.Violations);
        Assert.True(run.Figures.ClockSteps > 3, $"{run.Figures.ClockSteps} times.");
    }

    [Theory]
    [InlineData("veeam")]
    [InlineData("veeam-vspc")]
    public void A_vendor_whose_refresh_tokens_are_sent_twice_is_reported_and_no_other(string vendor)
    {
        // Both vendors take part in it.
        var run = SeedRun.Of(5, Length, spendsTwice: vendor);

        var reported = run.Violations.Select(static violation => violation.Split(Environment.NewLine)[0]).ToList();
        Assert.Contains($" sends {vendor}/default a refresh token again", reported[0], StringComparison.Ordinal);
        Assert.All(reported, violation => Assert.Contains($" {vendor}/default", violation, StringComparison.Ordinal));
    }

    [Fact]
    public void A_seed_replays_itself_and_another_seed_is_another_story()
    {
        var (first, again, other) = (SeedRun.Of(7, Length), SeedRun.Of(7, Length), SeedRun.Of(8, Length));

        Assert.Equal(first.TraceHash, again.TraceHash);
        Assert.NotEqual(first.TraceHash, other.TraceHash);
    }

    [Fact]
    public async Task A_seed_replays_itself_in_another_process_where_hashes_of_text_differ()
    {
        await using var another = ChildProcess.Start(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "BackupFunctions.Simulation.dll"), "--seed", "30", "--days", "2"],
            AppContext.BaseDirectory
        );

        var here = SeedRun.Of(30, Length);

        Assert.Equal(0, await another.Exit);
        Assert.Contains($"trace {here.TraceHash}", another.Output, StringComparison.Ordinal);
    }
}
