using BackupFunctions.Randomness;

namespace BackupFunctions.Simulation;

/// <summary>All chance of one seed: what is drawn is drawn in the same order in every replay.</summary>
internal sealed class Chance(int seed, Timeline timeline) : RandomSource
{
    private readonly Random _random = new(seed);

    public override void Fill(Span<byte> buffer)
    {
        timeline.EnsureOnThread();
        _random.NextBytes(buffer);
    }

    public bool Hits(double probability) => NextDouble() < probability;

    public int Below(int end) => (int)(NextDouble() * end);

    public T Of<T>(params ReadOnlySpan<T> choices) => choices[Below(choices.Length)];

    public TimeSpan Between(TimeSpan least, TimeSpan most) => least + ((most - least) * NextDouble());

    public TimeSpan Seconds(double least, double most) =>
        Between(TimeSpan.FromSeconds(least), TimeSpan.FromSeconds(most));

    /// <summary>The time to the next of events that come independently of each other.</summary>
    public TimeSpan Until(TimeSpan mean) => mean * -Math.Log(1 - NextDouble());
}
