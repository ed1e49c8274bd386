using System.CommandLine;

namespace BackupFunctions.KillTests;

/// <summary>The kill tests as a program: a line for each violation, and a line of JSON at the end.</summary>
internal static class KillCommand
{
    public static RootCommand Create()
    {
        var kills = new Option<int>("--kills")
        {
            Description = "How often LocalHost is killed.",
            DefaultValueFactory = static _ => 200,
        };
        var withStorage = new Option<int?>("--with-storage")
        {
            Description =
                "How many of the kills hit a process that shares a lock in "
                + "storage; a killed holder keeps it for 15 s. A tenth without it.",
        };
        var seed = new Option<int>("--seed")
        {
            Description = "Replays the plan, though not how far a process had come when it was killed.",
            DefaultValueFactory = static _ => 1,
        };

        var command = new RootCommand(
            "Kills LocalHost in the middle of rotating Veeam's refresh token, and looks whether it heals."
        )
        {
            kills,
            withStorage,
            seed,
        };
        command.SetAction(async arguments =>
        {
            var (all, output) = (arguments.GetValue(kills), arguments.InvocationConfiguration.Output);
            var options = new KillOptions(
                all,
                arguments.GetValue(withStorage) ?? (all + 9) / 10,
                arguments.GetValue(seed)
            );
            var report = await KillRun.RunAsync(options, output);
            await output.WriteLineAsync(report.ToJson());
            return report.Violations.Count == 0 ? 0 : 1;
        });
        command.Subcommands.Add(CreatePause());
        return command;
    }

    private static Command CreatePause()
    {
        var pauses = new Option<int>("--pauses")
        {
            Description = "How often LocalHost is paused.",
            DefaultValueFactory = static _ => 200,
        };
        var lanes = new Option<int>("--lanes")
        {
            Description = "How many pairs of processes there are side by side; a pause takes 16 s.",
            DefaultValueFactory = static _ => 10,
        };
        var seed = new Option<int>("--seed")
        {
            Description = "Replays the plan, though not how far a process had come when it was paused.",
            DefaultValueFactory = static _ => 1,
        };
        var command = new Command(
            "pause",
            "Pauses LocalHost in the middle of rotating Veeam's refresh token for longer than its lock lasts, while "
                + "another LocalHost renews, and looks whether a token was overwritten or a dead one served."
        )
        {
            pauses,
            lanes,
            seed,
        };
        command.SetAction(async arguments =>
        {
            var output = arguments.InvocationConfiguration.Output;
            var options = new PauseOptions(
                arguments.GetValue(pauses),
                arguments.GetValue(lanes),
                arguments.GetValue(seed)
            );
            var report = await PauseRun.RunAsync(options, output);
            await output.WriteLineAsync(report.ToJson());
            return report.Violations.Count == 0 ? 0 : 1;
        });
        return command;
    }
}
