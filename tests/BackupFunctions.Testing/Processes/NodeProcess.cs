namespace BackupFunctions.Testing;

/// <summary>Starts a script of <c>tests/npm</c>; each of them ends when its standard input closes.</summary>
public static class NodeProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <param name="script">The script's name.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="readyMarker">What the line that says that it is ready contains.</param>
    /// <param name="firstLine">Written to its standard input; for what does not belong on a command line.</param>
    /// <param name="keepsOut">See <see cref="ChildProcess.Start"/>.</param>
    public static async Task<(ChildProcess Process, string ReadyLine)> StartAsync(
        string script,
        IEnumerable<string> arguments,
        string readyMarker,
        string? firstLine = null,
        Func<string, bool>? keepsOut = null
    )
    {
        await NodePackages.EnsureAsync();
        var process = ChildProcess.Start(NodePackages.Node, [script, .. arguments], NodePackages.Folder, keepsOut);
        try
        {
            if (firstLine is not null)
                await process.WriteLineAsync(firstLine);
            return (process, await process.ExpectAsync(readyMarker, Patience));
        }
        catch
        {
            process.Kill();
            await process.DisposeAsync();
            throw;
        }
    }
}
