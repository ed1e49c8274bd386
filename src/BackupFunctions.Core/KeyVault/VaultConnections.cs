using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Security.KeyVault.Secrets;
using BackupFunctions.Connections;
using BackupFunctions.Settings;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.KeyVault;

/// <summary>
/// The connections that the credential vault defines. The list of secrets says which are new or changed; only those are read,
/// well below the vault's limit of 4,000 transactions in ten seconds, which other instances and programs share.
/// </summary>
internal sealed class VaultConnections(
    SecretClient vault,
    VaultConnectionReader reader,
    ReservedSecretNames taken,
    TimeProvider time,
    ILogger<VaultConnections> logger
) : IConnectionSource
{
    /// <summary>Pages and secrets together; four fifths of it are used.</summary>
    private const int CallsInTenSeconds = 1250;

    private const int AtOnce = 16;

    /// <summary>How many secrets are read before what is known so far is returned.</summary>
    private const int Portion = 500;

    /// <summary>How many unusable secrets are told of one by one in a reading.</summary>
    private const int MostReports = 100;

    /// <summary>The vault counts in seconds and by its own clock: what changed so shortly before it was read is read again.</summary>
    private static readonly TimeSpan MayChangeUnseen = TimeSpan.FromSeconds(60);

    private readonly VaultWriteLimiter _budget = new(CallsInTenSeconds, time);
    private readonly ConcurrentDictionary<string, DefinedConnection> _known = new(StringComparer.OrdinalIgnoreCase);

    public async IAsyncEnumerable<IReadOnlyList<Connection>> ReadAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var before = _known.Count;
        var listed = await ListAsync(cancellationToken);
        var unread = listed
            .Where(secret => !IsKnown(secret))
            .Select(secret => secret.Name)
            // A page that shifts while it is read may hide a secret: what seems gone is looked at before it is given up.
            .Concat(_known.Keys.Except(listed.Select(secret => secret.Name), StringComparer.OrdinalIgnoreCase))
            .ToList();
        foreach (var portion in unread.Chunk(Portion))
        {
            var options = new ParallelOptions
            {
                MaxDegreeOfParallelism = AtOnce,
                CancellationToken = cancellationToken,
            };
            await Parallel.ForEachAsync(portion, options, ReadAsync);
            yield return Usable();
        }

        var usable = Usable();
        Report();
        if (unread.Count > 0)
        {
            ConnectionLog.Read(logger, usable.Count, unread.Count, Math.Max(0, before - _known.Count));
        }

        yield return usable;
    }

    public IReadOnlyList<UnreadableSecret> Unreadable =>
        [
            .. _known
                .Values.OrderBy(defined => defined.SecretName, StringComparer.OrdinalIgnoreCase)
                .Select(defined => defined.WhyNot)
                .OfType<UnreadableSecret>(),
        ];

    private async Task<List<SecretProperties>> ListAsync(CancellationToken cancellationToken)
    {
        try
        {
            var found = new List<SecretProperties>();
            await using var pages = vault
                .GetPropertiesOfSecretsAsync(cancellationToken)
                .AsPages()
                .GetAsyncEnumerator(cancellationToken);
            while (await HasNextAsync(pages))
            {
                found.AddRange(
                    pages.Current.Values.Where(secret => secret.Enabled != false && DefinesConnection(secret))
                );
            }

            return found;
        }
        catch (Exception exception)
            when (VaultErrors.IsVaultError(exception) && !cancellationToken.IsCancellationRequested)
        {
            throw VaultErrors.Read(exception, vault.VaultUri);
        }
    }

    private async ValueTask<bool> HasNextAsync(IAsyncEnumerator<Page<SecretProperties>> pages)
    {
        await _budget.WaitAsync(Urgency.Background);
        return await pages.MoveNextAsync();
    }

    private bool IsKnown(SecretProperties secret) =>
        _known.TryGetValue(secret.Name, out var known) && known.IsOf(secret);

    private async ValueTask ReadAsync(string name, CancellationToken cancellationToken)
    {
        await _budget.WaitAsync(Urgency.Background);
        var readAt = time.GetUtcNow();
        try
        {
            KeyVaultSecret secret = await vault.GetSecretAsync(name, cancellationToken: cancellationToken);
            if (DefinesConnection(secret.Properties) && secret.Properties.Enabled != false)
            {
                var mayChangeUnseen = (readAt - secret.Properties.UpdatedOn)?.Duration() < MayChangeUnseen;
                _known[name] = DefinedConnection.Read(reader, secret, _known.GetValueOrDefault(name), mayChangeUnseen);
            }
            else
            {
                _known.TryRemove(name, out _);
            }
        }
        catch (RequestFailedException exception) when (exception.Status == 404 || VaultErrors.IsDisabled(exception))
        {
            _known.TryRemove(name, out _);
        }
        catch (RequestFailedException exception) when (exception.Status == 403)
        {
            // Rights can be given secret by secret: one that may not be read stands in no other's way.
            _known[name] = DefinedConnection.Unreadable(name, _known.GetValueOrDefault(name));
        }
        catch (Exception exception)
            when (VaultErrors.IsVaultError(exception) && !cancellationToken.IsCancellationRequested)
        {
            throw VaultErrors.Read(exception, vault.VaultUri);
        }
    }

    /// <summary>Those that clash with nothing. Of two that define the same connection the one with the smaller name holds.</summary>
    private List<Connection> Usable()
    {
        var holders = new Dictionary<ConnectionKey, string>();
        var usable = new List<Connection>();
        foreach (var defined in _known.Values.OrderBy(defined => defined.SecretName, StringComparer.OrdinalIgnoreCase))
        {
            if (defined.Target is not { } target)
            {
                continue;
            }

            var key = target.Key;
            defined.Clash = taken.ClashOf(defined.SecretName, target)
                ?? (
                    holders.TryAdd(key, defined.SecretName)
                        ? null
                        : new SettingFinding(
                            $"The secret {defined.SecretName}",
                            $"defines {key}, which the secret {holders[key]} already defines.",
                            "Remove one of the two."
                        )
                );
            if (defined.Clash is null)
            {
                usable.Add(target);
            }
        }

        return usable;
    }

    /// <summary>Tells of each finding once for every version of its secret.</summary>
    private void Report()
    {
        var news = _known
            .Values.OrderBy(defined => defined.SecretName, StringComparer.OrdinalIgnoreCase)
            .SelectMany(defined => defined.TakeUnreported())
            .ToList();
        foreach (var finding in news.Take(MostReports))
        {
            ConnectionLog.Unusable(logger, finding.ToString());
        }

        if (news.Count > MostReports)
        {
            ConnectionLog.FurtherUnusable(logger, news.Count - MostReports);
        }
    }

    private static bool DefinesConnection(SecretProperties secret) =>
        string.Equals(secret.ContentType, ConnectionDocument.ContentType, StringComparison.OrdinalIgnoreCase);
}
