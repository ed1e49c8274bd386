namespace BackupFunctions.Clocks;

/// <summary>What a server's time says about our clock.</summary>
internal enum ClockVerdict
{
    /// <summary>Nothing: the server's own clock may be wrong.</summary>
    Unsure,

    /// <summary>Our clock is right.</summary>
    Right,

    /// <summary>Our clock is wrong, and the server's is right.</summary>
    Wrong,
}

/// <summary>How far a server's clock is ahead of ours; negative if it lags behind.</summary>
/// <param name="Server">Host and port.</param>
/// <param name="IsVault">Whether it is one of the vaults, whose clocks Azure keeps right.</param>
/// <param name="Ahead">The difference.</param>
internal readonly record struct ServerAhead(string Server, bool IsVault, TimeSpan Ahead)
{
    /// <summary>Up to this it is none: a <c>Date</c> has whole seconds, and replies take their time.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    /// <summary>Beyond this not even a vault is believed alone.</summary>
    public static readonly TimeSpan Furthest = TimeSpan.FromDays(1);

    /// <summary>
    /// Judges our clock by what a server has just shown. A vault is believed; any other server only if another one
    /// shows the same and no vault contradicts: an appliance's clock may be wrong for years.
    /// </summary>
    /// <param name="others">What other servers showed lately.</param>
    public ClockVerdict Judge(IEnumerable<ServerAhead> others)
    {
        var newest = this;
        var rest = others.Where(other => other.Server != newest.Server).ToList();
        var isSeconded = rest.Any(newest.Agrees);
        var isBelieved = IsVault
            ? isSeconded || Ahead.Duration() <= Furthest
            : isSeconded && rest.Where(other => other.IsVault).All(newest.Agrees);
        if (!isBelieved)
        {
            return ClockVerdict.Unsure;
        }

        return Ahead.Duration() <= Tolerance ? ClockVerdict.Right : ClockVerdict.Wrong;
    }

    private bool Agrees(ServerAhead other) => (Ahead - other.Ahead).Duration() <= Tolerance;
}
