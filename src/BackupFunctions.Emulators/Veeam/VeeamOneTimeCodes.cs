using OtpNet;

namespace BackupFunctions.Emulators;

/// <summary>
/// The second factor: six digits by RFC 6238 with SHA-1 and steps of 30 s, each step accepted once (section 5.2).
/// </summary>
internal sealed class VeeamOneTimeCodes
{
    // RFC 6238 section 5.2 recommends one step of delay on either side.
    private static readonly VerificationWindow OneStepEitherSide = new(previous: 1, future: 1);

    private readonly Lock _gate = new();
    private long _lastStep = -1;

    public bool TryUse(string secret, string code, DateTimeOffset now)
    {
        var totp = new Totp(Base32Encoding.ToBytes(secret));
        lock (_gate)
        {
            if (!totp.VerifyTotp(now.UtcDateTime, code, out var step, OneStepEitherSide) || step <= _lastStep)
                return false;

            _lastStep = step;
            return true;
        }
    }
}
