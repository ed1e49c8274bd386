using System.Security.Cryptography;

namespace BackupFunctions.Testing;

/// <summary>The packages of <c>tests/npm</c>, installed by the first test process that needs them.</summary>
public static class NodePackages
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(250);
    private static readonly Lazy<Task> Installed = new(InstallOnceAsync);

    public static string Folder { get; } = Path.Combine(Repository.Root, "tests", "npm");

    /// <summary>The Node of the lock file, not the one installed on the machine.</summary>
    public static string Node { get; } =
        Path.Combine(Folder, "node_modules", "node", "bin", OperatingSystem.IsWindows() ? "node.exe" : "node");

    private static string LockFile => Path.Combine(Folder, "package-lock.json");

    // Inside node_modules, so that deleting the folder deletes it.
    private static string Stamp => Path.Combine(Folder, "node_modules", ".installed-from");

    /// <exception cref="InvalidOperationException">The installation failed.</exception>
    public static Task EnsureAsync() => Installed.Value;

    private static async Task InstallOnceAsync()
    {
        if (await IsInstalledAsync())
            return;
        // Several test processes run at once: one installs, the others wait.
        await using var turn = await WaitForTurnAsync();
        if (!await IsInstalledAsync())
            await InstallAsync();
    }

    private static async Task<bool> IsInstalledAsync() =>
        File.Exists(Stamp)
        && string.Equals(await File.ReadAllTextAsync(Stamp), await LockHashAsync(), StringComparison.Ordinal);

    private static async Task<string> LockHashAsync() =>
        Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(LockFile)));

    private static async Task<FileStream> WaitForTurnAsync()
    {
        var path = Path.Combine(
            Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts")).FullName,
            "npm-install.lock"
        );
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (TimeProvider.System.GetElapsedTime(since) < Patience)
            {
                await Task.Delay(BetweenAttempts, TimeProvider.System);
            }
        }
    }

    private static async Task InstallAsync()
    {
        var npm = ChildProcess.Start(
            OperatingSystem.IsWindows() ? "npm.cmd" : "npm",
            ["ci", "--no-progress", "--loglevel=error"],
            Folder
        );
        npm.CloseInput();
        try
        {
            if (await npm.Exit.WaitAsync(Patience, TimeProvider.System) != 0)
                throw new InvalidOperationException($"npm ci failed in {Folder}. It wrote:\n{npm.Output}");
        }
        finally
        {
            await npm.DisposeAsync();
        }

        await File.WriteAllTextAsync(Stamp, await LockHashAsync());
    }
}
