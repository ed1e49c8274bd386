namespace BackupFunctions.Connections;

/// <summary>Learns of connections that are gone, so that it can forget what it keeps for them.</summary>
public interface IConnectionListener
{
    /// <summary>A connection is gone.</summary>
    /// <param name="connection">The connection as it was defined.</param>
    /// <param name="isReplaced">Whether there is another one under its name now.</param>
    void Removed(Connection connection, bool isReplaced);
}
