namespace BackupFunctions.Status;

/// <summary>What states are called in replies.</summary>
public static class StateName
{
    /// <summary>The name of a state, for example <c>backing-off</c>.</summary>
    /// <param name="state">The state.</param>
    public static string Of(ConnectionState state) =>
        state switch
        {
            ConnectionState.Healthy => "healthy",
            ConnectionState.Renewing => "renewing",
            ConnectionState.BackingOff => "backing-off",
            ConnectionState.Refused => "refused",
            ConnectionState.EnrolmentNeeded => "enrolment-needed",
            ConnectionState.SignedOut => "signed-out",
            ConnectionState.Never => "never",
            _ => throw new InvalidOperationException($"{state} is no state."),
        };
}
