namespace BackupFunctions.KillTests;

/// <summary>How far a renewal had come when its process was killed.</summary>
internal enum KillPhase
{
    /// <summary>The vendor was not asked yet.</summary>
    NotAsked,

    /// <summary>The vendor was asked and had granted nothing.</summary>
    NotGranted,

    /// <summary>The vendor had granted, and the vault did not hold the new refresh token: that one is lost.</summary>
    NotSaved,

    /// <summary>The vault held the new refresh token, and not the new access token.</summary>
    RefreshTokenSaved,

    /// <summary>The vault held both.</summary>
    Done,
}
