using BackupFunctions.Check;
using Spectre.Console;

namespace BackupFunctions.LocalHost;

/// <summary>Shows the progress of a check in a table that disappears when the report is ready.</summary>
internal sealed class CheckScreen : IProgress<CheckProgress>
{
    private const int MostShown = 3;

    private readonly SortedDictionary<CheckGroup, CheckProgress> _groups = [];
    private readonly Lock _gate = new();
    private readonly LiveDisplayContext _live;

    private CheckScreen(LiveDisplayContext live) => _live = live;

    public static Task<CheckReport> ShowAsync(
        IAnsiConsole console,
        Func<IProgress<CheckProgress>, Task<CheckReport>> check
    ) => console.Live(new Text("Checking …")).AutoClear(true).StartAsync(live => check(new CheckScreen(live)));

    public void Report(CheckProgress value)
    {
        lock (_gate)
        {
            _groups[value.Group] = value;
            _live.UpdateTarget(Table());
        }
    }

    private Table Table()
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("", "", "", "Checking");
        table.Columns[1].NoWrap();
        table.Columns[2].NoWrap().RightAligned();
        foreach (var (group, progress) in _groups)
        {
            table.AddRow(
                CheckWords.Mark(progress.Level),
                CheckWords.Title(group),
                $"{progress.Ended} of {progress.Planned}",
                Markup.Escape(CheckWords.FirstOf(progress.Running, MostShown))
            );
        }

        return table;
    }
}
