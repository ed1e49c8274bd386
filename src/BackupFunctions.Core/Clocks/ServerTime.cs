namespace BackupFunctions.Clocks;

/// <summary>What a server's clock showed, as the <c>Date</c> of its reply tells (RFC 9110 section 6.6.1).</summary>
/// <param name="Server">Host and port.</param>
/// <param name="IsVault">Whether it is one of the vaults.</param>
/// <param name="Shown">What it showed when the reply arrived: the middle of what is possible.</param>
/// <param name="Timestamp">When the reply arrived, by our monotonic clock.</param>
internal readonly record struct ServerTime(string Server, bool IsVault, DateTimeOffset Shown, long Timestamp)
{
    /// <summary>A reply that took longer tells the time too vaguely.</summary>
    public static readonly TimeSpan LongestReply = TimeSpan.FromSeconds(5);

    /// <summary>Reads the time of a reply that has just arrived.</summary>
    /// <param name="server">The address that answered.</param>
    /// <param name="isVault">Whether it is one of the vaults.</param>
    /// <param name="date">The reply's <c>Date</c>.</param>
    /// <param name="sent">The timestamp from before the request was sent.</param>
    /// <param name="time">The clock that timestamps are from.</param>
    /// <returns>Null if the reply took so long that its time is too vague.</returns>
    public static ServerTime? Of(Uri server, bool isVault, DateTimeOffset date, long sent, TimeProvider time)
    {
        var arrived = time.GetTimestamp();
        var took = time.GetElapsedTime(sent, arrived);

        // The server wrote it between the request and the reply, and cut off the fraction of a second.
        return took > LongestReply
            ? null
            : new ServerTime(server.Authority, isVault, date + ((took + TimeSpan.FromSeconds(1)) / 2), arrived);
    }
}
