using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace BackupFunctions.Emulators;

/// <summary>The emulators as a program.</summary>
internal static class EmulatorsCommand
{
    public static RootCommand Create()
    {
        var firstPort = new Option<int?>("--first-port")
        {
            Description =
                $"The vault's port; the {EmulatorPorts.Count - 1} after it are used too "
                + $"(default: 7443, 7444 and 7501 to {7498 + EmulatorPorts.Count}).",
            HelpName = "port",
            CustomParser = ParsePort,
        };
        var separateTokenVault = new Option<bool>("--separate-token-vault")
        {
            Description = "Use a separate vault for access tokens.",
        };

        var command = new RootCommand(
            "Emulates the sign-in servers of backup vendors and Azure Key Vault, for this machine only."
        )
        {
            firstPort,
            separateTokenVault,
        };
        command.SetAction(
            (arguments, cancellationToken) =>
                RunAsync(
                    new EmulatorOptions
                    {
                        Ports = arguments.GetValue(firstPort) is { } first
                            ? EmulatorPorts.From(first)
                            : EmulatorPorts.Fixed,
                        SeparateTokenVault = arguments.GetValue(separateTokenVault),
                    },
                    arguments.InvocationConfiguration,
                    cancellationToken
                )
        );
        return command;
    }

    private static int? ParsePort(ArgumentResult argument)
    {
        var last = 65_535 - EmulatorPorts.Count + 1;
        if (
            int.TryParse(argument.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port >= 1
            && port <= last
        )
            return port;

        argument.AddError($"--first-port must be a number from 1 to {last}.");
        return null;
    }

    private static async Task<int> RunAsync(
        EmulatorOptions options,
        InvocationConfiguration console,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await using var suite = await EmulatorSuite.StartAsync(options, cancellationToken);
            await console.Output.WriteLineAsync(EmulatorTable.Of(suite));
            await Task.Delay(Timeout.InfiniteTimeSpan, options.Time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Ctrl+C is the normal way to stop.
        }
        catch (IOException failure)
        {
            await console.Error.WriteLineAsync($"{failure.Message} Choose other ports with --first-port.");
            return 1;
        }

        return 0;
    }
}
