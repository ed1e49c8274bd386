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
        return command;
    }
}
