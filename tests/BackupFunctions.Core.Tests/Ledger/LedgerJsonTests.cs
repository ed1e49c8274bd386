using BackupFunctions.Ledger;
using BackupFunctions.Storage;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Ledger;

/// <summary>Two versions of the app share the ledger while one replaces the other.</summary>
public sealed class LedgerJsonTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_failure_that_an_earlier_version_stored_keeps_its_words()
    {
        const string Stored =
            """{"lastFailure":{"kind":"CredentialsRefused","detail":"It was refused. Check it.","httpStatus":400}}""";

        var failure = StoredEntry.Read(new BinaryData(Stored).ToMemory(), Noon).Entry.LastFailure!;

        Assert.Equal("It was refused. Check it.", failure.Detail);
        Assert.Equal((FailureKind.CredentialsRefused, 400), (failure.Kind, failure.HttpStatus));
    }

    [Fact]
    public void An_earlier_version_finds_the_words_of_a_failure_where_it_looks_for_them()
    {
        var entry = new LedgerEntry
        {
            LastFailure = new TokenFailure(FailureKind.CredentialsRefused, "It was refused.") { Remedy = "Check it." },
        };

        var stored = LedgerJson.Write(entry);

        Assert.Contains("\"detail\": \"It was refused. Check it.\"", stored.ToString(), StringComparison.Ordinal);
        Assert.Equal(entry.LastFailure, StoredEntry.Read(stored.ToMemory(), Noon).Entry.LastFailure);
    }
}
