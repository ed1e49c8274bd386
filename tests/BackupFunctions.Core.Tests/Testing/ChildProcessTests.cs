using BackupFunctions.Testing;

namespace BackupFunctions.Core.Tests.Testing;

public sealed class ChildProcessTests
{
    [Fact]
    public void A_program_that_is_missing_is_named()
    {
        var failure = Assert.Throws<InvalidOperationException>(() =>
            ChildProcess.Start("no-such-npm", ["ci"], Repository.Root)
        );

        Assert.StartsWith(
            "no-such-npm ci did not start: no-such-npm is not installed, or not in PATH.",
            failure.Message,
            StringComparison.Ordinal
        );
    }
}
