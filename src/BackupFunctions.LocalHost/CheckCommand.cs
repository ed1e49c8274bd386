using System.CommandLine;
using BackupFunctions.Broker;
using BackupFunctions.Check;
using BackupFunctions.Connections;

namespace BackupFunctions.LocalHost;

/// <summary><c>check</c>: says what is wrong, and what mends it.</summary>
internal static class CheckCommand
{
    public const string Name = "check";

    /// <summary>The exit status of a check that was not carried out: a bad command line, or a fault of this program.</summary>
    public const int NotCarriedOut = 3;

    /// <summary>The exit status after Ctrl+C, as shells have it: 128 and the signal's number.</summary>
    public const int Interrupted = 130;

    private static readonly Argument<string?> Vendor = new("vendor")
    {
        Description = "Only the connections of this vendor: acronis, acronis-cyberapp, avepoint, backupnet or veeam.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Argument<string?> Connection = new("connection")
    {
        Description = "Only this connection of the vendor.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<bool> NoSignIn = new("--no-sign-in")
    {
        Description =
            "Leave out the real sign-in, which saves the token that it brings. It is never made while the account could be locked by it.",
    };

    private static readonly Option<bool> ProbeSave = new("--probe-save")
    {
        Description =
            "Try whether the vaults let secrets be saved: leaves a disabled version of the secret backupfunctions-check in each.",
    };

    private static readonly Option<bool> Json = new("--json")
    {
        Description = "Print one JSON document and nothing else.",
    };

    public static Command Create(Func<ParseResult, LocalHostOptions> options)
    {
        var command = new Command(
            Name,
            """
            Checks settings, vaults, credentials, sign-in servers and clocks, and signs in.
            Exit status: 0 all well, 1 warnings only, 2 errors, 3 not carried out, 130 ended by Ctrl+C.
            """
        )
        {
            Vendor,
            Connection,
            NoSignIn,
            ProbeSave,
            Json,
        };
        command.SetAction(
            (arguments, cancellationToken) =>
                GuardAsync(arguments, () => RunAsync(arguments, options(arguments), cancellationToken))
        );
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult arguments,
        LocalHostOptions options,
        CancellationToken cancellationToken
    )
    {
        var output = arguments.InvocationConfiguration.Output;
        try
        {
            await using var host = await LocalHostApp.CreateForCheckAsync(
                options with
                {
                    Logging = QuietUnlessAsked(options.Logging),
                },
                cancellationToken
            );
            var request = Request(arguments);
            if (Mistake(request, host.Services.GetRequiredService<ConnectionDirectory>()) is { } mistake)
            {
                await arguments.InvocationConfiguration.Error.WriteLineAsync(mistake);
                return NotCarriedOut;
            }

            try
            {
                var report = await CheckOutput.CheckAsync(
                    host,
                    request,
                    output,
                    arguments.GetValue(Json),
                    cancellationToken
                );
                return await CheckOutput.WriteAsync(report, output, arguments.GetValue(Json));
            }
            finally
            {
                await DrainAsync(host, arguments.InvocationConfiguration.Error);
            }
        }
        catch (StartRefusedException refused)
        {
            return await CheckOutput.WriteAsync(
                CheckReport.OfRefusedStart(refused.Findings, options.Time.GetUtcNow()),
                output,
                arguments.GetValue(Json)
            );
        }
    }

    private static string? Mistake(CheckRequest request, ConnectionDirectory directory) =>
        request.Vendor is { } vendor && directory.FindVendor(vendor) is null
            ? $"There is no vendor {vendor}. The vendors are {string.Join(", ", directory.Vendors.Select(known => known.Name))}."
        : request.Connection is { } connection && !ConnectionKey.IsName(connection)
            ? $"{connection} is no connection's name. Give 1 to 40 letters and digits."
        : null;

    /// <summary>A sign-in that takes longer than a check waits is not torn: its token may be one that works once.</summary>
    private static async Task DrainAsync(LocalHostApp host, TextWriter error)
    {
        var drained = host.Services.GetRequiredService<TokenBroker>().DrainAsync(CancellationToken.None);
        if (!drained.IsCompleted)
        {
            await error.WriteLineAsync(
                "A sign-in is still under way. It is waited for, 40 s at most, so that its token is not lost."
            );
        }

        await drained;
    }

    private static CheckRequest Request(ParseResult arguments) =>
        new()
        {
            Vendor = arguments.GetValue(Vendor),
            Connection = arguments.GetValue(Connection),
            SignsIn = !arguments.GetValue(NoSignIn),
            ProbesSaving = arguments.GetValue(ProbeSave),
        };

    /// <summary>The findings say it better; whoever wants the log as well sets Logging__LogLevel__Default.</summary>
    private static Action<ILoggingBuilder> QuietUnlessAsked(Action<ILoggingBuilder> logging) =>
        builder =>
        {
            logging(builder);
            builder.SetMinimumLevel(LogLevel.None);
        };

    /// <summary>Whatever happens, only a check that was carried out ends with its findings' status.</summary>
    private static async Task<int> GuardAsync(ParseResult arguments, Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (OperationCanceledException)
        {
            await arguments.InvocationConfiguration.Error.WriteLineAsync("The check was ended before it was done.");
            return Interrupted;
        }
        catch (Exception exception)
        {
            await arguments.InvocationConfiguration.Error.WriteLineAsync($"The check broke off: {exception}");
            return NotCarriedOut;
        }
    }
}
