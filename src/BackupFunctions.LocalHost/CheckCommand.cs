using System.CommandLine;
using BackupFunctions.Broker;
using BackupFunctions.Check;
using BackupFunctions.Connections;

namespace BackupFunctions.LocalHost;

/// <summary><c>check</c>: reports what is wrong and how to fix it.</summary>
internal static class CheckCommand
{
    public const string Name = "check";

    /// <summary>The exit status of a check that did not run: a bad command line, or a bug.</summary>
    public const int NotCarriedOut = 3;

    /// <summary>The exit status after Ctrl+C, as in shells: 128 plus the signal's number.</summary>
    public const int Interrupted = 130;

    private static readonly Argument<string?> Vendor = new("vendor")
    {
        Description = "Check only this vendor's connections: acronis, acronis-cyberapp, avepoint, backupnet or veeam.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Argument<string?> Connection = new("connection")
    {
        Description = "Check only this connection of the vendor.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<bool> NoSignIn = new("--no-sign-in")
    {
        Description = "Skip the real sign-ins, whose tokens are saved. None is made that could lock an account.",
    };

    private static readonly Option<bool> ProbeSave = new("--probe-save")
    {
        Description =
            "Try to save a secret: leaves a disabled version of the secret backupfunctions-check in each vault.",
    };

    private static readonly Option<bool> Json = new("--json")
    {
        Description = "Print one JSON document and nothing else.",
    };

    private static readonly Option<bool> ProblemsOnly = new("--problems-only")
    {
        Description = "Print warnings and errors alone.",
    };

    private static readonly TimeSpan LongestDrain = TimeSpan.FromSeconds(40);

    public static Command Create(Func<ParseResult, LocalHostOptions> options)
    {
        var command = new Command(
            Name,
            """
            Checks settings, vaults, credentials, sign-in servers and clocks, and signs in.
            Exit status: 0 all well, 1 warnings only, 2 errors, 3 did not run, 130 stopped with Ctrl+C.
            """
        )
        {
            Vendor,
            Connection,
            NoSignIn,
            ProbeSave,
            ProblemsOnly,
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
                return await WriteAsync(report, arguments);
            }
            finally
            {
                await DrainAsync(host, arguments.InvocationConfiguration.Error);
            }
        }
        catch (StartRefusedException refused)
        {
            return await WriteAsync(
                CheckReport.OfRefusedStart("--settings", refused.Findings, options.Time.GetUtcNow()),
                arguments
            );
        }
    }

    private static Task<int> WriteAsync(CheckReport report, ParseResult arguments) =>
        CheckOutput.WriteAsync(
            report,
            arguments.InvocationConfiguration.Output,
            arguments.GetValue(Json),
            arguments.GetValue(ProblemsOnly)
        );

    private static string? Mistake(CheckRequest request, ConnectionDirectory directory)
    {
        if (request.Vendor is { } vendor && directory.FindVendor(vendor) is null)
        {
            var vendors = string.Join(", ", directory.Vendors.Select(known => known.Name));
            return $"There is no vendor {vendor}. The vendors are {vendors}.";
        }

        return request.Connection is { } connection && !ConnectionKey.IsName(connection)
            ? $"{connection} is not a valid connection name. Give 1 to 40 letters and digits."
            : null;
    }

    /// <summary>Lets a sign-in finish that takes longer than a check waits: its token may work only once.</summary>
    private static async Task DrainAsync(LocalHostApp host, TextWriter error)
    {
        var drained = host.Services.GetRequiredService<TokenBroker>().DrainAsync(LongestDrain, CancellationToken.None);
        if (!drained.IsCompleted)
        {
            var wait = $"Waiting up to {LongestDrain.TotalSeconds} s, so that its token is not lost.";
            await error.WriteLineAsync($"A sign-in is still running. {wait}");
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

    /// <summary>The findings say it better; set Logging__LogLevel__Default to see the log as well.</summary>
    private static Action<ILoggingBuilder> QuietUnlessAsked(Action<ILoggingBuilder> logging) =>
        builder =>
        {
            logging(builder);
            builder.SetMinimumLevel(LogLevel.None);
        };

    /// <summary>Only a check that ran exits with the status of its findings.</summary>
    private static async Task<int> GuardAsync(ParseResult arguments, Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (OperationCanceledException)
        {
            await arguments.InvocationConfiguration.Error.WriteLineAsync("The check was stopped before it finished.");
            return Interrupted;
        }
        catch (Exception exception)
        {
            await arguments.InvocationConfiguration.Error.WriteLineAsync($"The check failed unexpectedly: {exception}");
            return NotCarriedOut;
        }
    }
}
