using System.Buffers.Text;
using System.Security.Cryptography;

namespace BackupFunctions.Emulators;

/// <summary>Where secrets and tokens come from: the operating system or, for a replay, a seed.</summary>
internal sealed class Randomness
{
    private readonly Lock _gate = new();
    private readonly Random? _seeded;

    /// <summary>Two purposes of one seed draw different values.</summary>
    public Randomness(int? seed, string purpose)
    {
        if (seed is { } value)
            _seeded = new Random(purpose.Aggregate(value, static (hash, letter) => unchecked((hash * 31) + letter)));
    }

    public byte[] Bytes(int count)
    {
        if (_seeded is null)
            return RandomNumberGenerator.GetBytes(count);

        var bytes = new byte[count];
        lock (_gate)
            _seeded.NextBytes(bytes);
        return bytes;
    }

    public string Text(int bytes) => Base64Url.EncodeToString(Bytes(bytes));

    public string Hex(int bytes) => Convert.ToHexStringLower(Bytes(bytes));
}
