using BackupFunctions.Status;
using BackupFunctions.Testing;

namespace BackupFunctions.Core.Tests.Status;

public sealed class StatusDocumentTests
{
    [Fact]
    public void Every_state_has_a_paragraph_and_there_is_no_other()
    {
        var headings = File.ReadLines(Path.Combine(Repository.Root, "docs", "status.md"))
            .Where(line => line.StartsWith("### ", StringComparison.Ordinal))
            .Select(line => line[4..]);

        Assert.Equal(Enum.GetValues<ConnectionHealth>().Select(HealthName.Of), headings);
    }

    [Fact]
    public void An_undefined_state_has_no_name() =>
        Assert.Throws<KeyNotFoundException>(() => HealthName.Of((ConnectionHealth)99));
}
