using System.Buffers.Binary;
using BackupFunctions.Renewal;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Renewal;

/// <summary>Tokens issued at once, and nothing but the rule by which sweeps judge them.</summary>
public sealed class RenewalJitterTests
{
    private const int Count = 1_000;

    private static readonly DateTimeOffset Start = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Tick = TimeSpan.FromMinutes(5);

    /// <summary>Lives of the five vendors, in minutes, and after how many days they must be spread.</summary>
    public static TheoryData<int, int> Lives =>
        new()
        {
            { 15, 1 },
            { 60, 3 },
            { 120, 6 },
        };

    [Theory]
    [MemberData(nameof(Lives))]
    public void Tokens_issued_at_once_do_not_come_due_at_once_for_ever_and_none_is_renewed_much_more_often(
        int minutes,
        int days
    )
    {
        var together = Simulate(TimeSpan.FromMinutes(minutes), days + 1, spread: false);
        var spread = Simulate(TimeSpan.FromMinutes(minutes), days + 1, spread: true);

        // On the last day, those that were not spread still come in one wave.
        var (before, after) = (MaxToMean(together.DuePerTick), MaxToMean(spread.DuePerTick));
        Assert.True(before >= 1.9, $"Without it {before:F2}.");
        Assert.True(after < (minutes == 15 ? 1.3 : 2), $"With it {after:F2}.");
        var mean = spread.Renewals.Average() / together.Renewals.Average();
        var most = spread.Renewals.Max() / (double)together.Renewals.Max();
        Assert.True(mean < 1.10, $"On average {mean:F3} times as often.");
        Assert.True(most < 1.35, $"One {most:F3} times as often.");
    }

    [Fact]
    public void Without_a_tick_it_is_the_exact_instant_and_with_one_it_is_never_later_and_some_ticks_earlier()
    {
        var early = Enumerable
            .Range(0, 1_000)
            .Select(i => Token(i, 0, Start, TimeSpan.FromHours(2)))
            .Select(token =>
            {
                Assert.Equal(token.RefreshAt(null), RenewalJitter.RefreshAt(token, null, TimeSpan.Zero));
                return (token.RefreshAt(null) - RenewalJitter.RefreshAt(token, null, Tick)) / Tick;
            })
            .ToList();

        Assert.All(early, ticks => Assert.Contains(ticks, new[] { 0.0, 1, 2, 3, 4 }));
        Assert.Equal(5, early.Distinct().Count());
        Assert.InRange(early.Average(), 1.4, 1.75);
    }

    [Fact]
    public void Every_process_comes_to_the_same_instant()
    {
        var (one, other) = (Token(7, 7, Start, TimeSpan.FromHours(2)), Token(7, 7, Start, TimeSpan.FromHours(2)));

        Assert.Equal(RenewalJitter.RefreshAt(one, null, Tick), RenewalJitter.RefreshAt(other, null, Tick));
    }

    /// <summary>From tick to tick; each token is judged where its time has come, and at the tick before it.</summary>
    private static Outcome Simulate(TimeSpan lifetime, int days, bool spread)
    {
        var renewals = new int[Count];
        var due = new List<(int Connection, AccessToken Token)>[(int)(TimeSpan.FromDays(days) / Tick) + 1];
        for (var i = 0; i < Count; i++)
        {
            Note(i, Token(i, 0, Start.AddSeconds(1), lifetime), tick: 0);
        }

        for (var tick = 1; tick < due.Length; tick++)
        {
            foreach (var (connection, _) in due[tick] ?? [])
            {
                Note(
                    connection,
                    Token(
                        connection,
                        ++renewals[connection],
                        Start + (tick * Tick) + TimeSpan.FromSeconds(1),
                        lifetime
                    ),
                    tick
                );
            }
        }

        return new Outcome([.. due[^(int)(TimeSpan.FromDays(1) / Tick)..].Select(list => list?.Count ?? 0)], renewals);

        void Note(int connection, AccessToken token, int tick)
        {
            var goal = new TokenRequirement { Tick = spread ? Tick : TimeSpan.Zero };
            while (++tick < due.Length)
            {
                var now = Start + (tick * Tick);
                if (!(goal with { FreshAt = now + Tick }).IsMetBy(token, now, null))
                {
                    // In time: its window has not begun for any caller.
                    Assert.True(token.RefreshAt(null) > now);
                    (due[tick] ??= []).Add((connection, token));
                    return;
                }
            }
        }
    }

    private static double MaxToMean(IReadOnlyList<int> due) => due.Max() / due.Average();

    private static AccessToken Token(int connection, int number, DateTimeOffset issuedAt, TimeSpan lifetime)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, connection);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], number);
        return new AccessToken(Convert.ToHexString(bytes), null, issuedAt, issuedAt + lifetime);
    }

    private sealed record Outcome(IReadOnlyList<int> DuePerTick, int[] Renewals);
}
