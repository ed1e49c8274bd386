using BackupFunctions.Connections;

namespace BackupFunctions.Check.Servers;

/// <summary>A vendor that says where its connections sign in, so that a check can look at the server.</summary>
public interface ISignInServers
{
    /// <summary>Where a connection signs in.</summary>
    /// <param name="connection">One of the vendor's own.</param>
    SignInServer ServerOf(Connection connection);
}
