using BackupFunctions.Tokens;

namespace BackupFunctions.History;

/// <summary>
/// What came of an attempt, or how a connection was in a quarter of an hour. Of two, the greater counts more. Its
/// letter is a contract with records that are stored and with readers of the status.
/// </summary>
public readonly record struct HistoryOutcome
{
    /// <summary>In ascending order: what an operator must act on comes last.</summary>
    private static readonly (char Letter, FailureKind? Failure)[] All =
    [
        ('.', null),
        ('r', null),
        ('s', null),
        ('b', FailureKind.BackingOff),
        ('v', FailureKind.VaultUnavailable),
        ('t', FailureKind.VendorThrottled),
        ('y', FailureKind.VendorReplyUnusable),
        ('u', FailureKind.VendorUnavailable),
        ('n', FailureKind.TenantRefused),
        ('p', FailureKind.ScopeRefused),
        ('x', FailureKind.ServerNotTrusted),
        ('d', FailureKind.VaultAccessDenied),
        ('m', FailureKind.CredentialMissing),
        ('g', FailureKind.Misconfigured),
        ('e', FailureKind.EnrolmentNeeded),
        ('c', FailureKind.CredentialsRefused),
    ];

    private readonly byte _rank;

    private HistoryOutcome(int rank) => _rank = (byte)rank;

    /// <summary>Nothing was due, or nothing is known.</summary>
    public static HistoryOutcome Nothing => default;

    /// <summary>The vendor granted a token.</summary>
    public static HistoryOutcome Renewed { get; } = new(1);

    /// <summary>An operator signed the connection out.</summary>
    public static HistoryOutcome SignedOut { get; } = new(2);

    /// <summary>Every outcome, in ascending order.</summary>
    public static IReadOnlyList<HistoryOutcome> Every { get; } =
    [.. Enumerable.Range(0, All.Length).Select(rank => new HistoryOutcome(rank))];

    /// <summary>Its name in one character: printable ASCII, and no digit.</summary>
    public char Letter => All[_rank].Letter;

    /// <summary>Why an attempt failed; null if none did.</summary>
    public FailureKind? Failure => All[_rank].Failure;

    /// <summary>Whether it goes on until something else happens.</summary>
    public bool Lasts => Failure is not null || this == SignedOut;

    /// <summary>A failed attempt.</summary>
    /// <param name="kind">Why it failed.</param>
    public static HistoryOutcome Of(FailureKind kind) =>
        kind == FailureKind.SignedOut ? SignedOut : new(Array.FindIndex(All, one => one.Failure == kind));

    /// <summary>The outcome with a letter. One that a later version added is a failure like any other.</summary>
    /// <param name="letter">The letter.</param>
    public static HistoryOutcome Of(char letter)
    {
        var rank = Array.FindIndex(All, one => one.Letter == letter);
        return rank < 0 ? Of(FailureKind.BackingOff) : new HistoryOutcome(rank);
    }

    /// <summary>How two outcomes are ordered, as <see cref="IComparer{T}"/> has it.</summary>
    internal static int Compare(HistoryOutcome one, HistoryOutcome other) => one._rank.CompareTo(other._rank);

    /// <summary>The one that counts more.</summary>
    internal static HistoryOutcome Greater(HistoryOutcome one, HistoryOutcome other) =>
        Compare(one, other) >= 0 ? one : other;
}
