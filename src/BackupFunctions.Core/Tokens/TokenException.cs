namespace BackupFunctions.Tokens;

/// <summary>
/// There is no token, for the reason in <see cref="Failure"/>: the only exception that the broker throws.
/// </summary>
public sealed class TokenException : Exception
{
    /// <summary>Wraps a failure.</summary>
    /// <param name="failure">Why there is no token.</param>
    /// <param name="innerException">What was caught, if anything.</param>
    public TokenException(TokenFailure failure, Exception? innerException = null)
        : base($"{failure.Kind}: {failure.Detail}", innerException) => Failure = failure;

    /// <summary>Shorthand for a failure that needs nothing but words.</summary>
    /// <param name="kind">The problem type.</param>
    /// <param name="problem">What is wrong, and where.</param>
    /// <param name="remedy">What an operator can do about it; null if only waiting helps.</param>
    public TokenException(FailureKind kind, string problem, string? remedy = null)
        : this(new TokenFailure(kind, problem) { Remedy = remedy }) { }

    /// <summary>Why there is no token.</summary>
    public TokenFailure Failure { get; }
}
