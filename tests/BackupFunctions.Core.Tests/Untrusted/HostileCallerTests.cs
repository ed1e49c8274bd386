using BackupFunctions.Core.Tests.FaultMatrix;
using BackupFunctions.Testing;

namespace BackupFunctions.Core.Tests.Untrusted;

/// <summary>What a caller writes into the address shows neither in the reply nor in the log.</summary>
[Collection(nameof(Alone))]
public sealed class HostileCallerTests
{
    private const string Mark = "planted-by-the-caller";

    [Theory]
    [InlineData("?rejected=0123456789abcde%0A")]
    [InlineData("?rejected=%0D%0A0123456789abcdef")]
    [InlineData("?rejected=%EF%BC%90123456789abcdef")]
    [InlineData("?rejected=" + Mark)]
    [InlineData("?tenant=11111111-2222-3333-4444-55555555555%0A" + Mark)]
    [InlineData("?minimumLifetime=60%0D%0A" + Mark)]
    [InlineData("?minimumLifetime=%D9%A6%D9%A0")]
    [InlineData("?refresh=true%0D%0A" + Mark)]
    public async Task A_parameter_with_more_than_its_value_is_refused_without_being_played_back(string query)
    {
        await using var world = new World("acronis");
        var logged = SuiteLog.Recorder.Events.Count;

        var answer = await world.GetTokenAsync(query);

        Assert.Equal((400, "invalid-parameter"), (answer.Status, answer.ProblemType));
        Assert.Equal(0, world.Vendor.Counters.Total);
        Assert.DoesNotContain(Mark, answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(SuiteLog.Recorder.Events.Skip(logged), one =>
            one.Message.Contains(Mark, StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("acronis\0", null, "unknown-vendor")]
    [InlineData("acronis\r\nX: " + Mark, null, "unknown-vendor")]
    [InlineData("acron\u0131s", null, "unknown-vendor")]
    [InlineData("acronis", "default\0", "unknown-connection")]
    [InlineData("acronis", "default\r\nX: " + Mark, "unknown-connection")]
    [InlineData("acronis", "\uff44efault", "unknown-connection")]
    [InlineData("acronis", "../vault/" + Mark, "unknown-connection")]
    public async Task A_name_that_only_looks_like_one_is_unknown_and_not_played_back(
        string vendor,
        string? connection,
        string type
    )
    {
        await using var world = new World("acronis");
        var logged = SuiteLog.Recorder.Events.Count;

        var answer = await world.GetTokenAsync("", vendor, connection);

        Assert.Equal((404, type), (answer.Status, answer.ProblemType));
        Assert.Equal(0, world.Vendor.Counters.Total);
        Assert.DoesNotContain(Mark, answer.Body, StringComparison.Ordinal);
        Assert.True(answer.Body.All(character => character is >= ' ' and <= '~' or '\u2026'), answer.Body);
        Assert.DoesNotContain(SuiteLog.Recorder.Events.Skip(logged), one =>
            one.Message.Contains(Mark, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_name_of_any_length_costs_no_more_than_a_short_one()
    {
        await using var world = new World("acronis");

        var answer = await world.GetTokenAsync("", "acronis", new string('a', 1_000_000));

        Assert.Equal((404, "unknown-connection"), (answer.Status, answer.ProblemType));
        Assert.InRange(answer.Body.Length, 1, 500);
    }
}
