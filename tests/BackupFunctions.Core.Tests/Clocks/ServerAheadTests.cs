using BackupFunctions.Clocks;

namespace BackupFunctions.Core.Tests.Clocks;

public sealed class ServerAheadTests
{
    /// <summary>A server and by how many seconds its clock is ahead of ours; vaults begin with v.</summary>
    [Theory]
    // A vault is believed alone, up to a day.
    [InlineData("v 0", "", "Right")]
    [InlineData("v 5", "", "Right")]
    [InlineData("v -5", "", "Right")]
    [InlineData("v 6", "", "Wrong")]
    [InlineData("v -6", "", "Wrong")]
    [InlineData("v -600", "", "Wrong")]
    [InlineData("v 86400", "", "Wrong")]
    [InlineData("v 86401", "", "Unsure")]
    [InlineData("v -31536000", "", "Unsure")]
    [InlineData("v -31536000", "a -31536002", "Wrong")]
    [InlineData("v -31536000", "w -31536000", "Wrong")]
    [InlineData("v -31536000", "a 0,b 0", "Unsure")]
    // It goes before the vendors.
    [InlineData("v 600", "a 0,b 0", "Wrong")]
    [InlineData("v 0", "a 600,b 600", "Right")]
    [InlineData("v 600", "w 0", "Wrong")]
    // What a vault said before does not count against what it says now.
    [InlineData("v 600", "v 0", "Wrong")]
    [InlineData("v -31536000", "v -31536000", "Unsure")]
    // A vendor needs another one that says the same, and no vault that contradicts.
    [InlineData("a 0", "", "Unsure")]
    [InlineData("a 600", "", "Unsure")]
    [InlineData("a 600", "a 600", "Unsure")]
    [InlineData("a 600", "b 0", "Unsure")]
    [InlineData("a 600", "b 594", "Unsure")]
    [InlineData("a 600", "b 596", "Wrong")]
    [InlineData("a -600", "b -601,c 0", "Wrong")]
    [InlineData("a 0", "b 1", "Right")]
    [InlineData("a 600", "b 600,v 0", "Unsure")]
    [InlineData("a 600", "b 600,c 600,v 0", "Unsure")]
    [InlineData("a 600", "b 600,v 600,w 0", "Unsure")]
    [InlineData("a -31536000", "v -31536000", "Wrong")]
    public void A_vault_is_believed_and_other_servers_if_they_agree(string newest, string others, string verdict) =>
        Assert.Equal(
            Enum.Parse<ClockVerdict>(verdict),
            Parse(newest).Judge(others.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Parse))
        );

    private static ServerAhead Parse(string text) =>
        text.Split(' ') is [var server, var seconds]
            ? new ServerAhead(
                server,
                server is "v" or "w",
                TimeSpan.FromSeconds(int.Parse(seconds, System.Globalization.CultureInfo.InvariantCulture))
            )
            : throw new ArgumentException(text, nameof(text));
}
