namespace BackupFunctions.Status;

/// <summary>What states are called in replies.</summary>
public static class StateName
{
    /// <summary>The name of a state, for example <c>backing-off</c>.</summary>
    /// <param name="state">The state.</param>
    public static string Of(ConnectionHealth state) =>
        state switch
        {
            ConnectionHealth.Healthy => "healthy",
            ConnectionHealth.Renewing => "renewing",
            ConnectionHealth.BackingOff => "backing-off",
            ConnectionHealth.Refused => "refused",
            ConnectionHealth.EnrolmentNeeded => "enrolment-needed",
            ConnectionHealth.SignedOut => "signed-out",
            ConnectionHealth.Never => "never",
            _ => throw new InvalidOperationException($"{state} is no state."),
        };
}
