using System.Collections.Frozen;
using BackupFunctions.Renewal;
using BackupFunctions.Tokens;

namespace BackupFunctions.Problems;

/// <summary>How something ended, as an attribute: <c>ok</c>, or the name of the problem type.</summary>
public static class OutcomeName
{
    /// <summary>It went well.</summary>
    public const string Ok = "ok";

    /// <summary>A fault of this program; also the name of the problem type.</summary>
    public const string Fault = "internal-error";

    /// <summary>The caller did not wait for the end.</summary>
    public const string Gone = "caller-gone";

    private static readonly FrozenDictionary<FailureKind, string> Names = Enum.GetValues<FailureKind>()
        .ToFrozenDictionary(kind => kind, NameOf);

    /// <summary>The name of a kind of failure, as problem types end in it: <c>vendor-unavailable</c>.</summary>
    /// <param name="kind">Why there is no token.</param>
    public static string Of(FailureKind kind) => Names[kind];

    /// <summary>The outcome of what ended in an exception.</summary>
    /// <param name="exception">What was thrown.</param>
    internal static string Of(Exception exception) =>
        exception switch
        {
            TokenException token => Of(token.Failure.Kind),
            RefreshLockUnavailableException { IsHeldByOther: true } => "held-by-other",
            RefreshLockUnavailableException => "storage-unavailable",
            OperationCanceledException => Gone,
            _ => Fault,
        };

    private static string NameOf(FailureKind kind) =>
        string.Concat(
            kind.ToString()
                .Select(
                    (letter, index) =>
                        char.IsUpper(letter) && index > 0
                            ? $"-{char.ToLowerInvariant(letter)}"
                            : $"{char.ToLowerInvariant(letter)}"
                )
        );
}
