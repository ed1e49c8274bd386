using BackupFunctions.Tokens;

namespace BackupFunctions.Connections;

/// <summary>Where connections come from beside the settings.</summary>
public interface IConnectionSource
{
    /// <summary>
    /// Reads every connection there is now. What is unchanged since the last reading is the same object. One reading
    /// runs at a time.
    /// </summary>
    /// <param name="cancellationToken">Gives the reading up.</param>
    /// <returns>What is known so far, several times in a long reading; the last one is whole.</returns>
    /// <exception cref="TokenException">
    /// <see cref="FailureKind.VaultAccessDenied"/> or <see cref="FailureKind.VaultUnavailable"/>; what was returned
    /// before holds.
    /// </exception>
    IAsyncEnumerable<IReadOnlyList<Connection>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>What is known by now.</summary>
    IReadOnlyList<Connection> Known => [];

    /// <summary>
    /// Looks for one connection where it is expected, which is quicker than a reading. It may run beside a reading.
    /// </summary>
    /// <param name="key">The connection.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether something is there, which <see cref="Known"/> then takes into account.</returns>
    /// <exception cref="TokenException">It is not known whether it is there.</exception>
    Task<bool> LookAsync(ConnectionKey key, CancellationToken cancellationToken) => Task.FromResult(false);

    /// <summary>What should define a connection and does not, as it was last read; by name.</summary>
    IReadOnlyList<UnreadableSecret> Unreadable => [];
}
