namespace BackupFunctions.LocalHost;

/// <summary>The start is refused; each finding says what is wrong, where, and what would be right.</summary>
internal sealed class StartRefusedException(IEnumerable<string> findings, Exception? innerException = null)
    : Exception("The start is refused.", innerException)
{
    public IReadOnlyList<string> Findings { get; } = [.. findings];
}
