namespace BackupFunctions.Tokens;

/// <summary>There is no token, for the reason in <see cref="Failure"/>: the only exception that the broker throws for one.</summary>
public sealed class TokenException : Exception
{
    /// <summary>Wraps a failure.</summary>
    /// <param name="failure">Why there is no token.</param>
    /// <param name="innerException">What was caught, where something was.</param>
    public TokenException(TokenFailure failure, Exception? innerException = null)
        : base($"{failure.Kind}: {failure.Detail}", innerException) => Failure = failure;

    /// <summary>Shorthand for a failure that needs no more than its kind and detail.</summary>
    /// <param name="kind">The problem type.</param>
    /// <param name="detail">What is wrong, where, and what would be right.</param>
    public TokenException(FailureKind kind, string detail)
        : this(new TokenFailure(kind, detail)) { }

    /// <summary>Why there is no token.</summary>
    public TokenFailure Failure { get; }
}
