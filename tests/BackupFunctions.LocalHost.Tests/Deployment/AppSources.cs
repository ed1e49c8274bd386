using System.Text.RegularExpressions;
using BackupFunctions.Testing;

namespace BackupFunctions.LocalHost.Tests.Deployment;

/// <summary>
/// The functions in the source text of the Functions app, which cannot be referenced here because it needs packages
/// that these tests must do without.
/// </summary>
internal static partial class AppSources
{
    /// <summary>The time limit of a pattern, in milliseconds.</summary>
    private const int Patience = 1000;

    public static IReadOnlyList<(string Name, string Route, IReadOnlyList<string> Methods)> HttpFunctions { get; } =
    [
        .. Classes(HttpTrigger())
            .Select(found =>
                (found.Name, found.Match.Groups["route"].Value, Words(found.Match.Groups["methods"].Value))
            ),
    ];

    public static IReadOnlyList<(string Name, string Schedule)> TimerFunctions { get; } =
    [.. Classes(TimerTrigger()).Select(found => (found.Name, found.Match.Groups["schedule"].Value))];

    /// <summary>The vendor that a function passes to Core.</summary>
    public static IReadOnlyList<(string Name, string Vendor)> Vendors { get; } =
    [.. Classes(PassedOn()).Select(found => (found.Name, found.Match.Groups["vendor"].Value))];

    /// <summary>Every <c>%Setting%</c> in a string of the app's sources.</summary>
    public static IReadOnlyList<string> Settings { get; } =
    [
        .. Files()
            .SelectMany(text => Setting().Matches(text))
            .Select(match => match.Groups["name"].Value)
            .Distinct(StringComparer.Ordinal),
    ];

    /// <summary>The number of triggers of any kind, counted independently of the patterns above.</summary>
    public static int Triggers { get; } = Files().Sum(text => AnyTrigger().Count(text));

    private static IEnumerable<(string Name, Match Match)> Classes(Regex pattern) =>
        from text in Files()
        from found in pattern.Matches(text)
        select (Function().Match(text).Groups["name"].Value, found);

    private static IEnumerable<string> Files() =>
        Directory
            .EnumerateFiles(
                Path.Combine(Repository.Root, "src", "BackupFunctions"),
                "*.cs",
                SearchOption.AllDirectories
            )
            .Order(StringComparer.Ordinal)
            .Select(File.ReadAllText);

    private static IReadOnlyList<string> Words(string literals) =>
        [.. Literal().Matches(literals).Select(match => match.Groups["text"].Value)];

    [GeneratedRegex(@"\[Function\(nameof\((?<name>\w+)\)\)\]", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex Function();

    [GeneratedRegex(
        @"\[HttpTrigger\(\s*AuthorizationLevel\.(Function|Anonymous),\s*(?<methods>(""\w+"",\s*)+)"
            + @"Route = ""(?<route>[^""]+)""\s*\)\]",
        RegexOptions.ExplicitCapture,
        Patience
    )]
    private static partial Regex HttpTrigger();

    [GeneratedRegex(@"\[TimerTrigger\(""%(?<schedule>\w+)%""\)\]", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex TimerTrigger();

    [GeneratedRegex(
        @"(GetTokenAsync\(request, |sweep\.RunAsync\()""(?<vendor>[^""]+)""",
        RegexOptions.ExplicitCapture,
        Patience
    )]
    private static partial Regex PassedOn();

    [GeneratedRegex(@"\[\w+Trigger\b", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex AnyTrigger();

    [GeneratedRegex(@"%(?<name>[^%""\s]+)%", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex Setting();

    [GeneratedRegex(@"""(?<text>\w+)""", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex Literal();
}
