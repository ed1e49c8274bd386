namespace BackupFunctions.LocalHost;

/// <summary>The host cannot start. Each finding says what is wrong, where, and how to fix it.</summary>
internal sealed class StartRefusedException(IEnumerable<string> findings, Exception? innerException = null)
    : Exception("LocalHost cannot start.", innerException)
{
    public IReadOnlyList<string> Findings { get; } = [.. findings];
}
