namespace BackupFunctions.Testing;

/// <summary>Secrets stood in the log; none stands in the message.</summary>
public sealed class SecretLeakException(IReadOnlyList<SecretLeak> leaks) : Exception(Describe(leaks))
{
    private const int MaxDescribed = 20;

    public IReadOnlyList<SecretLeak> Leaks { get; } = leaks;

    private static string Describe(IReadOnlyList<SecretLeak> leaks) =>
        $"Secrets stand {leaks.Count} times in the log:\n" + string.Join('\n', leaks.Take(MaxDescribed));
}
