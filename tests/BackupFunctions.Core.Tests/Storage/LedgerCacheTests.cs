using BackupFunctions.Connections;
using BackupFunctions.Storage;

namespace BackupFunctions.Core.Tests.Storage;

public sealed class LedgerCacheTests
{
    [Fact]
    public void What_is_unsaved_is_listed_in_the_order_of_names()
    {
        var known = new LedgerCache();
        var names = Enumerable.Range(0, 30).Select(i => $"c{i:D2}").ToList();
        foreach (var name in names.OrderByDescending(name => name[2]))
        {
            known.Note(new ConnectionKey("acronis", name), static entry => entry, now: 0);
        }

        Assert.Equal(names, known.Unsaved.Select(key => key.Connection));
    }
}
