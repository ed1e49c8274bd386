using System.Buffers.Binary;
using System.Security.Cryptography;

namespace BackupFunctions.Randomness;

/// <summary>
/// Randomness as an argument, so that a seed can replay it; by default the system's cryptographic source. Thread-safe.
/// </summary>
public class RandomSource
{
    /// <summary>Fills a buffer with random bytes.</summary>
    /// <param name="buffer">What to fill.</param>
    public virtual void Fill(Span<byte> buffer) => RandomNumberGenerator.Fill(buffer);

    /// <summary>A number from 0 (inclusive) to 1 (exclusive).</summary>
    public double NextDouble()
    {
        Span<byte> bytes = stackalloc byte[8];
        Fill(bytes);
        return (BinaryPrimitives.ReadUInt64LittleEndian(bytes) >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>A random version 4 UUID.</summary>
    public Guid NextGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        Fill(bytes);

        // RFC 9562 section 5.4: the version and variant bits.
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
