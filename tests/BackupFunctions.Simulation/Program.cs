using System.CommandLine;
using System.Text.Json;
using BackupFunctions.Simulation;

var seeds = new Option<int>("--seeds")
{
    Description = "How many seeds to run, from 0 on.",
    DefaultValueFactory = _ => 20,
};
var seed = new Option<int?>("--seed") { Description = "The one seed to run." };
var days = new Option<double>("--days")
{
    Description = "How many days each seed simulates.",
    DefaultValueFactory = _ => 30,
};
var trace = new Option<bool>("--trace")
{
    Description = "Writes everything that happens to standard error; for one seed.",
};
var spendsTwice = new Option<string?>("--spends-twice")
{
    Description = "Plants a fault, which must be reported: every refresh token of this vendor is sent twice.",
};
var command = new RootCommand(
    "Simulates the service with its vendors, vault and storage on virtual time, and looks for what must never happen."
)
{
    seeds,
    seed,
    days,
    trace,
    spendsTwice,
};
command.SetAction(parsed =>
{
    var length = TimeSpan.FromDays(parsed.GetValue(days));
    var wanted = parsed.GetValue(seed) is { } one ? [one] : Enumerable.Range(0, parsed.GetValue(seeds)).ToArray();
    var total = new Figures();
    var gate = new Lock();
    var next = -1;
    var workers = Enumerable
        .Range(0, Math.Min(Environment.ProcessorCount, wanted.Length))
        .Select(_ => new Thread(() =>
        {
            for (
                var index = Interlocked.Increment(ref next);
                index < wanted.Length;
                index = Interlocked.Increment(ref next)
            )
            {
                var run = SeedRun.Of(
                    wanted[index],
                    length,
                    parsed.GetValue(trace) && wanted.Length == 1 ? Console.Error : null,
                    parsed.GetValue(spendsTwice)
                );
                lock (gate)
                {
                    total.Add(run.Figures);
                    foreach (var violation in run.Violations)
                    {
                        Console.Error.WriteLine(
                            $"seed {run.Seed}: {violation}{Environment.NewLine}Replay: --seed {run.Seed} --days "
                                + $"{parsed.GetValue(days)} --trace"
                        );
                    }

                    if (wanted.Length == 1)
                    {
                        Console.Error.WriteLine($"trace {run.TraceHash}");
                    }
                }
            }
        }))
        .ToList();
    workers.ForEach(static worker => worker.Start());
    workers.ForEach(static worker => worker.Join());
    Console.WriteLine(JsonSerializer.Serialize(total, JsonSerializerOptions.Web));
    if (wanted.Length >= 20 && length >= TimeSpan.FromDays(30) && total.Missing() is { } missing)
    {
        Console.Error.WriteLine($"{missing}: so long a run that has none of it tests less than it says.");
        return 1;
    }

    return total.Violations == 0 ? 0 : 1;
});
return command.Parse(args).Invoke();
