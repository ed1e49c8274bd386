using BackupFunctions.Core.Tests.SignIn;
using BackupFunctions.Randomness;

namespace BackupFunctions.Core.Tests.FaultMatrix;

/// <summary>Leaves every wait as long as the contract says before jitter; ids still differ, because a repeated <c>jti</c> is refused.</summary>
internal sealed class NoJitter : RandomSource
{
    private readonly SeededRandom _ids = new(20261122);

    public override void Fill(Span<byte> buffer)
    {
        // A number from 0 to 1 is made of eight bytes, an id of sixteen.
        if (buffer.Length == sizeof(double))
            buffer.Clear();
        else
            _ids.Fill(buffer);
    }
}
