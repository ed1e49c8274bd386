using System.CommandLine;
using BackupFunctions.Connections;

namespace BackupFunctions.LocalHost;

/// <summary>The command line: serve, print one token and exit, or check.</summary>
internal static class LocalHostCommand
{
    private const string DefaultUrl = "http://localhost:7071";

    private static readonly Option<FileInfo?> SettingsFile = new("--settings")
    {
        Description = "A file in the form of local.settings.json. Environment variables override it.",
        HelpName = "file",
        Recursive = true,
    };

    private static readonly Option<bool> OwnTheVault = new("--own-the-vault")
    {
        Description = "Run the timers and use refresh tokens even with a real vault, because no deployed app does.",
        Recursive = true,
    };

    private static readonly Option<string[]> Urls = new("--urls")
    {
        Description = $"Loopback addresses to serve on; separate several with semicolons (default: {DefaultUrl}).",
        HelpName = "urls",
    };

    private static readonly Argument<string> Vendor = new("vendor")
    {
        Description = "acronis, acronis-cyberapp, avepoint, backupnet or veeam.",
    };

    private static readonly Argument<string> Connection = new("connection")
    {
        Description = "The connection's name.",
        DefaultValueFactory = _ => ConnectionDirectory.DefaultName,
    };

    public static RootCommand Create()
    {
        var root = new RootCommand(
            """
            Serves bearer tokens for backup vendors to this machine only.
            Without settings, the vault and the vendors' sign-in servers are emulated.
            """
        );
        root.Options.Add(SettingsFile);
        root.Options.Add(OwnTheVault);
        root.Options.Add(Urls);
        root.SetAction((arguments, cancellationToken) => GuardAsync(arguments, async () =>
                {
                    var endpoints = LoopbackEndpoint.ParseAll(
                        arguments.GetValue(Urls) is { Length: > 0 } urls ? urls : [DefaultUrl]
                    );
                    StartupBanner.WriteStarting(arguments.InvocationConfiguration.Output);
                    await using var host = await LocalHostApp.StartAsync(
                        Options(arguments),
                        endpoints,
                        cancellationToken
                    );
                    StartupBanner.Write(host, arguments.InvocationConfiguration.Output);
                    await host.RunAsync(cancellationToken);
                    return 0;
                }));

        var getToken = new Command(
            "get-token",
            "Prints the reply of GetToken and exits with 0, or prints the problem on standard error and exits with 1."
        )
        {
            Vendor,
            Connection,
        };
        getToken.SetAction((arguments, cancellationToken) => GuardAsync(arguments, async () =>
                {
                    await using var host = await LocalHostApp.StartAsync(
                        Options(arguments),
                        endpoints: [],
                        cancellationToken
                    );
                    return await GetTokenCommand.PrintAsync(
                        host,
                        arguments.GetRequiredValue(Vendor),
                        arguments.GetRequiredValue(Connection),
                        arguments.InvocationConfiguration,
                        cancellationToken
                    );
                }));
        root.Subcommands.Add(getToken);
        root.Subcommands.Add(CheckCommand.Create(Options));
        return root;
    }

    /// <summary>Runs the program and returns its exit status.</summary>
    /// <param name="words">The command line.</param>
    /// <param name="console">Where to write; null for the process's own streams.</param>
    public static async Task<int> RunAsync(string[] words, InvocationConfiguration? console = null)
    {
        var arguments = Create().Parse(words);
        console ??= new InvocationConfiguration
        {
            // After Ctrl+C there is time to save what a vendor has just granted: an attempt may take 40 s.
            ProcessTerminationTimeout = TimeSpan.FromSeconds(45),
        };
        var exitStatus = await arguments.InvokeAsync(console);
        return arguments.Errors.Count > 0 && arguments.CommandResult.Command.Name == CheckCommand.Name
            ? CheckCommand.NotCarriedOut
            : exitStatus;
    }

    private static LocalHostOptions Options(ParseResult arguments) =>
        new(arguments.GetValue(SettingsFile), arguments.GetValue(OwnTheVault));

    /// <summary>Prints what a user can fix as a sentence, not as a stack trace.</summary>
    private static async Task<int> GuardAsync(ParseResult arguments, Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (StartRefusedException refused)
        {
            foreach (var finding in refused.Findings)
            {
                await arguments.InvocationConfiguration.Error.WriteLineAsync(finding);
            }

            return 1;
        }
        catch (OperationCanceledException)
        {
            // Ctrl+C is the normal way to stop.
            return 0;
        }
    }
}
