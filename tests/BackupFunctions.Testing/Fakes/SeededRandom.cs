using BackupFunctions.Randomness;

namespace BackupFunctions.Testing;

/// <summary>Randomness that a seed replays. Thread-safe.</summary>
public sealed class SeededRandom(int seed) : RandomSource
{
    private readonly Lock _gate = new();
    private readonly Random _random = new(seed);

    /// <summary>Whether every number is 0, so that waits have no jitter. Identifiers still differ.</summary>
    public bool WithoutJitter { get; init; }

    /// <summary>Runs before each draw.</summary>
    public Action? BeforeDraw { get; init; }

    public override void Fill(Span<byte> buffer)
    {
        BeforeDraw?.Invoke();

        // RandomSource makes a number of eight bytes and an identifier of sixteen.
        if (WithoutJitter && buffer.Length == sizeof(double))
        {
            buffer.Clear();
            return;
        }

        lock (_gate)
        {
            _random.NextBytes(buffer);
        }
    }

    public bool Hits(double probability) => NextDouble() < probability;

    public int Below(int end) => (int)(NextDouble() * end);

    public T Of<T>(params ReadOnlySpan<T> choices) => choices[Below(choices.Length)];

    public TimeSpan Between(TimeSpan least, TimeSpan most) => least + ((most - least) * NextDouble());

    public TimeSpan Seconds(double least, double most) =>
        Between(TimeSpan.FromSeconds(least), TimeSpan.FromSeconds(most));

    /// <summary>The time until the next of events that occur independently of each other.</summary>
    public TimeSpan Until(TimeSpan mean) => mean * -Math.Log(1 - NextDouble());
}
