namespace BackupFunctions.Testing;

/// <summary>The log contains secrets; the message does not.</summary>
public sealed class SecretLeakException(IReadOnlyList<SecretLeak> leaks) : Exception(Describe(leaks))
{
    private const int MaxDescribed = 20;

    public IReadOnlyList<SecretLeak> Leaks { get; } = leaks;

    private static string Describe(IReadOnlyList<SecretLeak> leaks) =>
        $"The log contains {leaks.Count} secrets:\n" + string.Join('\n', leaks.Take(MaxDescribed));
}
