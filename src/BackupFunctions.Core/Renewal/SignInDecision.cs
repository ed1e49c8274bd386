namespace BackupFunctions.Renewal;

/// <summary>Who asks for an attempt, and what is known besides the record.</summary>
internal sealed record SignInRequest
{
    /// <summary>Whether an operator asks: back-off and holds do not apply.</summary>
    public bool ByOperator { get; init; }

    /// <summary>Whether the vendor issues refresh tokens that work once.</summary>
    public bool RotatesRefreshTokens { get; init; }

    /// <summary>Whether the vault holds a version of the credentials that was not refused.</summary>
    public bool HasNewCredentials { get; init; }

    /// <summary>Until when callers' rejections prevent renewals in this process.</summary>
    public DateTimeOffset RejectionHoldUntil { get; init; }
}

/// <summary>What <see cref="SignInPolicy"/> decides.</summary>
/// <param name="Verdict">Whether an attempt may be made.</param>
/// <param name="RefusalsLeft">How often the vendor may refuse the credentials before the account is left alone.</param>
internal sealed record SignInDecision(SignInVerdict Verdict, int RefusalsLeft)
{
    /// <summary>What prevents the attempt.</summary>
    public SignInObstacle Obstacle { get; init; }

    /// <summary>Until when it does; null if the attempt may be made, or only an operator helps.</summary>
    public DateTimeOffset? Until { get; init; }
}

/// <summary>Whether an attempt may be made.</summary>
internal enum SignInVerdict
{
    Allowed,
    WaitUntil,
    OperatorNeeded,
}

/// <summary>What prevents an attempt.</summary>
internal enum SignInObstacle
{
    None,

    /// <summary>Callers rejected several tokens in a row.</summary>
    RejectedTokens,

    /// <summary>An operator signed the connection out.</summary>
    SignedOut,

    /// <summary>The last attempt failed, and the next one is not due.</summary>
    LastFailure,

    /// <summary>The credentials were refused too often within an hour.</summary>
    TooManyRefusals,
}
