using System.Collections.Frozen;
using System.Text.Json;
using BackupFunctions.Tokens;

namespace BackupFunctions.Problems;

/// <summary>The outcome of an operation in metrics: <c>ok</c>, or the name of the problem type.</summary>
public static class OutcomeName
{
    /// <summary>Success.</summary>
    public const string Ok = "ok";

    /// <summary>A fault in this program; also the name of the problem type.</summary>
    public const string Fault = "internal-error";

    /// <summary>The caller did not wait for the end.</summary>
    public const string Gone = "caller-gone";

    private static readonly FrozenDictionary<FailureKind, string> Names = Enum.GetValues<FailureKind>()
        .ToFrozenDictionary(kind => kind, NameOf);

    /// <summary>The name of a kind of failure, as problem types end in it: <c>vendor-unavailable</c>.</summary>
    /// <param name="kind">Why there is no token.</param>
    public static string Of(FailureKind kind) => Names[kind];

    /// <summary>The outcome of an operation that threw.</summary>
    /// <param name="exception">What was thrown.</param>
    internal static string Of(Exception exception) =>
        exception switch
        {
            TokenException token => Of(token.Failure.Kind),
            OperationCanceledException => Gone,
            _ => Fault,
        };

    // CredentialsRefused is credentials-refused.
    private static string NameOf(FailureKind kind) => JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString());
}
