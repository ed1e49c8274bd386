using BackupFunctions.Tokens;

namespace BackupFunctions.SignIn;

/// <summary>The password was right, but the step with the one-time code failed.</summary>
internal sealed class OneTimeCodeException(TokenException cause) : Exception(cause.Message, cause)
{
    public TokenException Cause { get; } = cause;
}
