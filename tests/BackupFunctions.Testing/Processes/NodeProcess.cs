namespace BackupFunctions.Testing;

/// <summary>Starts a script of <c>tests/npm</c>; each of them exits when its standard input closes.</summary>
public static class NodeProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Starts a script and waits for the line with <paramref name="readyMarker"/>. The <paramref name="firstLine"/>
    /// goes to its standard input, for secrets do not belong on a command line.
    /// </summary>
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
