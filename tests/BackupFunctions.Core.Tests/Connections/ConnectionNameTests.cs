using System.Text.RegularExpressions;
using BackupFunctions.Connections;

namespace BackupFunctions.Core.Tests.Connections;

/// <summary>What can be the name of a connection.</summary>
public sealed class ConnectionNameTests
{
    [Theory]
    [InlineData("default", true)]
    [InlineData("Berlin2", true)]
    [InlineData("a123456789b123456789c123456789d123456789", true)]
    [InlineData("a123456789b123456789c123456789d123456789e", false)]
    [InlineData("", false)]
    [InlineData("two-words", false)]
    [InlineData("bär", false)]
    [InlineData("٣", false)]
    public void The_pattern_that_the_documents_tell_takes_what_the_service_takes(string name, bool isName)
    {
        var matches = Regex.IsMatch(name, ConnectionKey.NamePattern, RegexOptions.None, TimeSpan.FromSeconds(1));

        Assert.Equal((isName, isName), (ConnectionKey.IsName(name), matches));
    }
}
