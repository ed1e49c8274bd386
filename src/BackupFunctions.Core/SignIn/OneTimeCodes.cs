using System.Collections.Concurrent;
using BackupFunctions.Connections;
using BackupFunctions.Credentials;
using BackupFunctions.SignIn.Transport;
using BackupFunctions.Tokens;

namespace BackupFunctions.SignIn;

/// <summary>
/// One-time codes (RFC 6238) on the vendor's clock. A time step is used once (section 5.2);
/// the next code waits for the next step.
/// </summary>
internal sealed class OneTimeCodes(VendorClocks clocks, TimeProvider time)
{
    /// <summary>In seconds. Whoever enters a code does not say how long it holds.</summary>
    private const int UsualPeriod = 30;

    private const int StepsKept = 1000;

    private readonly ConcurrentDictionary<ConnectionKey, SortedSet<long>> _used = new();

    /// <summary>
    /// Whether this process has used a code of the connection before, and so knows which step is used up.
    /// </summary>
    /// <param name="key">Whose code.</param>
    public bool HasUsed(ConnectionKey key) => _used.ContainsKey(key);

    /// <summary>The next unused code; waits up to a period, 30 s, for it.</summary>
    /// <param name="key">Whose code.</param>
    /// <param name="server">The server whose clock counts.</param>
    /// <param name="secret">The secret as it was saved.</param>
    /// <param name="usedElsewhere">A step whose code another process used; null if none is known.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The time step and its code.</returns>
    /// <exception cref="TokenException">
    /// <see cref="FailureKind.CredentialMissing"/>: no code can be made from the secret.
    /// </exception>
    public async Task<(long Step, string Code)> NextAsync(
        ConnectionKey key,
        Uri server,
        SecretText secret,
        long? usedElsewhere,
        CancellationToken cancellationToken
    )
    {
        var totp = Read(key, secret);
        var now = clocks.Now(server);
        var current = StepAt(now, totp.Period);
        var step = Take(_used.GetOrAdd(key, static _ => []), current, usedElsewhere);
        if (step > current)
        {
            await Task.Delay(DateTimeOffset.FromUnixTimeSeconds(step * totp.Period) - now, time, cancellationToken);
        }

        return (step, totp.CodeOf(step));
    }

    /// <summary>Records that a person has just used a code: most likely the one of the current step.</summary>
    /// <param name="key">Whose code.</param>
    /// <param name="server">The server whose clock counts.</param>
    /// <returns>The step that counts as used.</returns>
    public long NoteUse(ConnectionKey key, Uri server)
    {
        var step = StepAt(clocks.Now(server), UsualPeriod);
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

    private static long StepAt(DateTimeOffset instant, int period) => instant.ToUnixTimeSeconds() / period;

    private static TotpSecret Read(ConnectionKey key, SecretText secret) =>
        TotpSecret.Parse(secret.Reveal(), out var finding)
        ?? throw new TokenException(
            FailureKind.CredentialMissing,
            $"The TOTP secret of {key} {finding}.",
            "Save the text that the vendor shows when MFA is set up, or the otpauth://totp/ URI of its QR code."
        );
}
