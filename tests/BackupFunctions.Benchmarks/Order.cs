namespace BackupFunctions.Benchmarks;

/// <summary>A shuffled order, the same in every run, in which each thing appears equally often.</summary>
internal static class Order
{
    private const uint Seed = 20261122;

    public static int[] Of(int things, int length, uint seed = Seed)
    {
        var order = new int[length];
        for (var i = 0; i < length; i++)
        {
            order[i] = i % things;
        }

        // Fisher-Yates shuffle with Knuth's linear congruential generator.
        ulong state = seed;
        for (var i = length - 1; i > 0; i--)
        {
            state = unchecked((state * 6364136223846793005) + 1442695040888963407);
            var other = (int)((state >> 33) % (ulong)(i + 1));
            (order[i], order[other]) = (order[other], order[i]);
        }

        return order;
    }
}
