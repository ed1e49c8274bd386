namespace BackupFunctions.Connections;

/// <summary>Names one connection: a set of credentials at one vendor.</summary>
/// <param name="Vendor">The vendor's name in routes and vault names, for example <c>acronis</c>; lower case.</param>
/// <param name="Connection">The connection's name, <c>[a-z0-9]{1,40}</c>; lower case.</param>
public readonly record struct ConnectionKey(string Vendor, string Connection)
{
    /// <summary>What <see cref="IsName"/> takes, as a regular expression.</summary>
    public const string NamePattern = "^[A-Za-z0-9]{1,40}$";

    /// <summary>Whether a text can be the name of a connection, in either case.</summary>
    /// <param name="text">What was written.</param>
    public static bool IsName(string text) => text.Length is >= 1 and <= 40 && text.All(char.IsAsciiLetterOrDigit);

    /// <summary><c>vendor/connection</c>, as logs and messages name it.</summary>
    public override string ToString() => $"{Vendor}/{Connection}";
}
