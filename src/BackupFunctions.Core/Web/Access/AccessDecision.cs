using BackupFunctions.Problems;

namespace BackupFunctions.Web.Access;

/// <summary>Whether a request is admitted, and who sent it.</summary>
/// <param name="Caller">Who sent the request, as far as the platform can tell.</param>
/// <param name="Refusal">Why the request is refused; null if it is admitted.</param>
/// <param name="Detail">What the caller can do about the refusal; empty if the request is admitted.</param>
public readonly record struct AccessDecision(Caller Caller, ProblemType? Refusal, string Detail)
{
    internal static AccessDecision Admitted(Caller caller) => new(caller, Refusal: null, Detail: "");

    internal static AccessDecision Refused(Caller caller, ProblemType refusal, string detail) =>
        new(caller, refusal, detail);
}
