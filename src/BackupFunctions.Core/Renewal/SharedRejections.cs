using BackupFunctions.Ledger;
using BackupFunctions.State;

namespace BackupFunctions.Renewal;

/// <summary>Keeps the record of tokens that the vendor answered with 401, for all processes of this deployment.</summary>
internal sealed class SharedRejections(ILedger ledger)
{
    /// <summary>
    /// Whether any process of this deployment heard that the vendor answered 401 to this token, or signed the connection out; if so,
    /// nobody hands it out.
    /// </summary>
    public async Task<bool> IsRejectedAnywhereAsync(ConnectionState session, string fingerprint)
    {
        var key = session.Connection.Key;
        var entry = await ledger.ReadAsync(key, newest: false, CancellationToken.None);
        if (entry.SignedOutAt is not null)
        {
            session.Drop();
            return true;
        }

        var isKnown = entry.Rejected.Contains(fingerprint);
        if (session.IsRejected(fingerprint))
        {
            if (!isKnown)
            {
                // The vault still has it: the other processes must not take it from there.
                await AddAsync(session, fingerprint);
            }

            return true;
        }

        if (isKnown)
        {
            session.RejectedElsewhere(fingerprint);
        }

        return isKnown;
    }

    /// <summary>Tells the other processes that the vendor answered 401 to a token that they may have too.</summary>
    public ValueTask AddAsync(ConnectionState session, string fingerprint) =>
        ledger.UpdateAsync(session.Connection.Key, entry => entry.WithRejected(fingerprint), CancellationToken.None);
}
