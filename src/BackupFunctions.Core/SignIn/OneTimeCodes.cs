using System.Collections.Concurrent;
using BackupFunctions.Connections;
using BackupFunctions.SignIn.Transport;
using BackupFunctions.Tokens;
using OtpNet;

namespace BackupFunctions.SignIn;

/// <summary>
/// One-time codes (RFC 6238: SHA-1, six digits, 30 s) on the vendor's clock. A time step is used once (section 5.2);
/// the next code waits for the next step.
/// </summary>
internal sealed class OneTimeCodes(VendorClocks clocks, TimeProvider time)
{
    private const int StepSeconds = 30;
    private const int StepsKept = 1000;

    private readonly ConcurrentDictionary<ConnectionKey, SortedSet<long>> _used = new();

    /// <summary>
    /// Whether this process has used a code of the connection before, and so knows which step is used up.
    /// </summary>
    /// <param name="key">Whose code.</param>
    public bool HasUsed(ConnectionKey key) => _used.ContainsKey(key);

    /// <summary>The next unused code; waits up to 30 s for it.</summary>
    /// <param name="key">Whose code.</param>
    /// <param name="server">The server whose clock counts.</param>
    /// <param name="secret">The Base32 secret.</param>
    /// <param name="usedElsewhere">A step whose code another process used; null if none is known.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The time step and its code.</returns>
    /// <exception cref="TokenException">
    /// <see cref="FailureKind.CredentialMissing"/>: the secret is not Base32.
    /// </exception>
    public async Task<(long Step, string Code)> NextAsync(
        ConnectionKey key,
        Uri server,
        SecretText secret,
        long? usedElsewhere,
        CancellationToken cancellationToken
    )
    {
        var totp = new Totp(Decode(key, secret), StepSeconds);
        var now = clocks.Now(server);
        var current = StepAt(now);
        var step = Take(_used.GetOrAdd(key, static _ => []), current, usedElsewhere);
        if (step > current)
        {
            await Task.Delay(DateTimeOffset.FromUnixTimeSeconds(step * StepSeconds) - now, time, cancellationToken);
        }

        return (step, totp.ComputeTotp(DateTimeOffset.FromUnixTimeSeconds(step * StepSeconds).UtcDateTime));
    }

    /// <summary>Records that a person has just used a code: most likely the one of the current step.</summary>
    /// <param name="key">Whose code.</param>
    /// <param name="server">The server whose clock counts.</param>
    /// <returns>The step that counts as used.</returns>
    public long NoteUse(ConnectionKey key, Uri server)
    {
        var step = StepAt(clocks.Now(server));
        var used = _used.GetOrAdd(key, static _ => []);
        lock (used)
        {
            used.Add(step);
        }

        return step;
    }

    /// <summary>
    /// Takes the first unused step. All used ones are kept, not only the last: a clock that is set back by an hour must
    /// not delay sign-ins by that hour.
    /// </summary>
    private static long Take(SortedSet<long> used, long step, long? usedElsewhere)
    {
        lock (used)
        {
            if (usedElsewhere is { } elsewhere)
            {
                used.Add(elsewhere);
            }

            while (!used.Add(step))
            {
                step++;
            }

            if (used.Count > StepsKept)
            {
                used.Remove(used.Min);
            }

            return step;
        }
    }

    private static long StepAt(DateTimeOffset instant) => instant.ToUnixTimeSeconds() / StepSeconds;

    private static byte[] Decode(ConnectionKey key, SecretText secret)
    {
        var text = secret.Reveal().Replace(" ", "", StringComparison.Ordinal).TrimEnd('=').ToUpperInvariant();
        try
        {
            return text.Length > 0 ? Base32Encoding.ToBytes(text) : throw NotBase32(key);
        }
        catch (ArgumentException)
        {
            // The library's exception quotes the secret.
            throw NotBase32(key);
        }
    }

    private static TokenException NotBase32(ConnectionKey key) =>
        new(
            FailureKind.CredentialMissing,
            $"The TOTP secret of {key} is not Base32 text (A to Z, 2 to 7).",
            "Save the text that the vendor shows when MFA is set up."
        );
}
