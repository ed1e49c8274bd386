using System.CommandLine;
using BackupFunctions.Connections;

namespace BackupFunctions.LocalHost;

/// <summary>The command line: serve, print one token and exit, or check.</summary>
internal static class LocalHostCommand
{
    private const string DefaultUrl = "http://localhost:7071";

    private static readonly Option<FileInfo?> SettingsFile = new("--settings")
    {
        Description = "A file in the form of local.settings.json. Environment variables go before it.",
        HelpName = "file",
        Recursive = true,
    };

    private static readonly Option<bool> OwnTheVault = new("--own-the-vault")
    {
        Description =
            "With a vault that is no emulator: run the timers and spend refresh tokens, because no deployed app does.",
        Recursive = true,
    };

    private static readonly Option<string[]> Urls = new("--urls")
    {
        Description =
            $"Where to serve, at loopback addresses alone; several are parted by semicolons. {DefaultUrl} without it.",
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
            Serves bearer tokens for backup vendors on this machine, to this machine alone.
            Without settings it brings a vault and the vendors' sign-in servers with it, all emulated.
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
            "Prints the reply of GetToken and exits: 0, or 1 with the problem on standard error."
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

    /// <summary>Runs the program.</summary>
    /// <param name="words">The command line.</param>
    /// <param name="console">Where it writes; null for the process's own streams.</param>
    /// <returns>The exit status.</returns>
    public static async Task<int> RunAsync(string[] words, InvocationConfiguration? console = null)
    {
        var arguments = Create().Parse(words);
        console ??= new InvocationConfiguration
        {
            // Ctrl+C leaves time to save what a vendor has just granted: an attempt may take 40 s.
            ProcessTerminationTimeout = TimeSpan.FromSeconds(45),
        };
        var exitStatus = await arguments.InvokeAsync(console);
        return arguments.Errors.Count > 0 && arguments.CommandResult.Command.Name == CheckCommand.Name
            ? CheckCommand.NotCarriedOut
            : exitStatus;
    }

    private static LocalHostOptions Options(ParseResult arguments) =>
        new(arguments.GetValue(SettingsFile), arguments.GetValue(OwnTheVault));

    /// <summary>What a person can mend is told in a sentence, not in a stack trace.</summary>
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
            // Ctrl+C is how this program ends.
            return 0;
        }
    }
}
