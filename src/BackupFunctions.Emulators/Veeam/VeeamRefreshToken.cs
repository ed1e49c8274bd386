namespace BackupFunctions.Emulators;

/// <summary>A refresh token in the appliance's records.</summary>
internal sealed record VeeamRefreshToken(string Value, string Session, DateTimeOffset ExpiresAt)
{
    public override string ToString() => "[redacted]";
}
