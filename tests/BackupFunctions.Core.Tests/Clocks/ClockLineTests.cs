using BackupFunctions.Clocks;
using BackupFunctions.Testing;

namespace BackupFunctions.Core.Tests.Clocks;

public sealed class ClockLineTests
{
    /// <summary>
    /// Seconds: how far the host's clock was ahead when it was last read, what the monotonic clock has counted since,
    /// by how much the host's clock was set meanwhile, and what has passed for us.
    /// </summary>
    [Theory]
    [InlineData(0, 60, 0, 60)]
    [InlineData(0, 60, 2, 60)]
    [InlineData(0, 60, -2, 60)]
    [InlineData(0, 60, -600, 60)] // Set back.
    [InlineData(0, 60, -86_400, 60)]
    [InlineData(0, 60, 600, 660)] // Suspended for ten minutes, or set forward: that cannot be told.
    [InlineData(0, 0, 28_800, 28_800)] // A laptop opened in the morning.
    [InlineData(-600, 60, 600, 60)] // It was behind, and has been put right.
    [InlineData(-600, 60, 601, 60)]
    [InlineData(-600, 60, 300, 360)] // It was behind, and then the host was suspended.
    [InlineData(600, 60, -600, 60)] // It was ahead, and has been put right.
    [InlineData(600, 60, 600, 660)]
    public void The_monotonic_clock_counts_and_a_jump_forward_counts_unless_it_puts_the_host_right(
        int hostAhead,
        int counted,
        int step,
        int passed
    )
    {
        var line = new ClockLine(TestTime.Noon, TestTime.Noon.AddSeconds(hostAhead), 1000);
        var system = TestTime.Noon.AddSeconds(hostAhead + counted + step);

        var next = line.After(TimeSpan.FromSeconds(counted), system, 2000);

        Assert.Equal(new ClockLine(TestTime.Noon.AddSeconds(passed), system, 2000), next);
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(-2, true)]
    [InlineData(2.1, false)]
    [InlineData(-2.1, false)]
    public void Two_seconds_are_drift_and_more_is_a_step(double drift, bool holds)
    {
        var line = new ClockLine(TestTime.Noon, TestTime.Noon.AddMinutes(5), 1000);
        var system = TestTime.Noon.AddMinutes(65).AddSeconds(drift);

        Assert.Equal(holds, line.Holds(TimeSpan.FromHours(1), system));
    }
}
