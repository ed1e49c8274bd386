using BackupFunctions.Emulators;

namespace BackupFunctions.App.Tests;

/// <summary>
/// A timer whose <c>%setting%</c> does not exist is in error on the Functions host, and nobody is told. No such timer
/// reaches the host.
/// </summary>
public sealed class DefaultSchedulesTests
{
    [Fact]
    public async Task A_timer_without_a_schedule_gets_the_default_and_the_others_keep_their_setting()
    {
        await using var suite = await EmulatorSuite.StartAsync();
        var settings = new Dictionary<string, string>(suite.ClientSettings())
        {
            ["VeeamRefreshSchedule"] = "0 0 * * * *",
        };
        settings.Remove("AcronisRefreshSchedule");
        using var host = BuiltApp.Create(settings);

        var triggers = await HostMetadata.TriggersAsync(host, "timerTrigger");

        Assert.Equal(6, triggers.Count);
        Assert.Equal("0 */5 * * * *", (string)triggers["RefreshAcronis"]["schedule"]!);
        Assert.Equal("%VeeamRefreshSchedule%", (string)triggers["RefreshVeeam"]["schedule"]!);
    }
}
