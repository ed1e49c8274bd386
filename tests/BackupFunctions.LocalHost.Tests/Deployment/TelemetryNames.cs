using System.Reflection;
using System.Text.RegularExpressions;
using BackupFunctions.Diagnostics;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.LocalHost.Tests.Deployment;

/// <summary>The names that the code emits, and the names in a text.</summary>
internal static partial class TelemetryNames
{
    /// <summary>The time limit of a pattern, in milliseconds.</summary>
    private const int Patience = 1000;

    /// <summary>The attributes of instruments, and those that Application Insights adds to a log event.</summary>
    private static readonly string[] Attributes = ["vendor", "outcome", "kind", "state", "EventId", "CategoryName"];

    /// <summary>Every instrument.</summary>
    public static IReadOnlyList<string> Instruments { get; } =
        Constants(typeof(Instruments))
            .Where(name => name != BackupFunctions.Diagnostics.Instruments.SourceName)
            .ToList();

    /// <summary>Every span.</summary>
    public static IReadOnlyList<string> Spans { get; } = Constants(typeof(Spans)).ToList();

    /// <summary>Every numbered log event.</summary>
    public static IReadOnlyList<LoggerMessageAttribute> Events { get; } =
    [
        .. LogMethods()
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>()!)
            .OrderBy(one => one.EventId),
    ];

    /// <summary>The properties of events that their messages do not show.</summary>
    public static IReadOnlyList<string> PropertiesOutsideMessages { get; } =
    [
        .. LogMethods()
            .SelectMany(method =>
                method
                    .GetParameters()
                    .Where(parameter => !typeof(ILogger).IsAssignableFrom(parameter.ParameterType))
                    .Where(parameter => !typeof(Exception).IsAssignableFrom(parameter.ParameterType))
                    .Select(parameter => parameter.Name!)
                    .Except(
                        Placeholder()
                            .Matches(method.GetCustomAttribute<LoggerMessageAttribute>()!.Message)
                            .Select(match => match.Groups["name"].Value),
                        StringComparer.OrdinalIgnoreCase
                    )
            ),
    ];

    /// <summary>
    /// The instruments, event numbers and attributes that a query or rule names but the code does not emit.
    /// </summary>
    public static IReadOnlyList<string> UnknownIn(string text)
    {
        var fields = Events
            .SelectMany(one => Placeholder().Matches(one.Message!))
            .Select(match => match.Groups["name"].Value)
            .Concat(LogMethods().SelectMany(method => method.GetParameters()).Select(parameter => parameter.Name!))
            .Concat(Attributes)
            .ToHashSet(StringComparer.Ordinal);
        var numbers = Events
            .Select(one => one.EventId.ToString(System.Globalization.CultureInfo.InvariantCulture))
            .ToHashSet(StringComparer.Ordinal);
        return
        [
            .. InstrumentName().Matches(text).Select(match => match.Value).Except(Instruments, StringComparer.Ordinal),
            .. EventNumbers()
                .Matches(text)
                .SelectMany(match => Number().Matches(match.Value))
                .Select(match => match.Value)
                .Except(numbers, StringComparer.Ordinal),
            .. Field().Matches(text).Select(match => match.Groups["name"].Value).Except(fields, StringComparer.Ordinal),
        ];
    }

    /// <summary>
    /// The number of instruments and events in a text, so that a pattern that finds nothing is noticed.
    /// </summary>
    public static int CountIn(string text) => InstrumentName().Count(text) + EventNumbers().Count(text);

    private static IEnumerable<MethodInfo> LogMethods() =>
        new[] { typeof(Instruments).Assembly, typeof(LocalHostApp).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type =>
                type.GetMethods(
                    BindingFlags.Static
                        | BindingFlags.Instance
                        | BindingFlags.Public
                        | BindingFlags.NonPublic
                        | BindingFlags.DeclaredOnly
                )
            )
            .Where(method => method.IsDefined(typeof(LoggerMessageAttribute)));

    private static IEnumerable<string> Constants(Type type) =>
        type.GetFields(BindingFlags.Static | BindingFlags.Public)
            .Where(field => field.IsLiteral)
            .Select(field => (string)field.GetRawConstantValue()!);

    [GeneratedRegex(@"\bbackupfunctions\.[a-z_]+(\.[a-z_]+)*", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex InstrumentName();

    [GeneratedRegex(@"Properties\.EventId\)? *(==|!=|in) *(\([\d, ]+\)|\d+)", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex EventNumbers();

    [GeneratedRegex(@"\d+", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex Number();

    [GeneratedRegex(@"\bProperties\.(?<name>\w+)", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex Field();

    [GeneratedRegex(@"\{(?<name>\w+)(:[^}]+)?\}", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex Placeholder();
}
