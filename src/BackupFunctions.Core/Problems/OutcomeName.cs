using System.Collections.Frozen;
using System.Text.Json;
using BackupFunctions.Tokens;

namespace BackupFunctions.Problems;

/// <summary>The outcome of an operation in metrics: <c>ok</c>, or the name of the problem type.</summary>
public static class OutcomeName
{
    /// <summary>Success.</summary>
    public const string Ok = "ok";

    /// <summary>A fault in this program: the problem type's name.</summary>
    public const string Fault = "internal-error";

    /// <summary>The caller stopped waiting.</summary>
    public const string Gone = "caller-gone";

    private static readonly FrozenDictionary<FailureKind, string> Names = Enum.GetValues<FailureKind>()
        .ToFrozenDictionary(kind => kind, kind => JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString()));

    /// <summary>The name of a failure's problem type, for example <c>vendor-unavailable</c>.</summary>
    public static string Of(FailureKind kind) => Names[kind];

    /// <summary>The outcome of an operation that threw.</summary>
    internal static string Of(Exception exception) =>
        exception switch
        {
            TokenException token => Of(token.Failure.Kind),
            OperationCanceledException => Gone,
            _ => Fault,
        };
}
