namespace BackupFunctions.Emulators;

/// <summary>A refresh token as the appliance remembers it.</summary>
internal sealed record VeeamRefreshToken(string Value, string Session, DateTimeOffset ExpiresAt)
{
    public override string ToString() => "[redacted]";
}
