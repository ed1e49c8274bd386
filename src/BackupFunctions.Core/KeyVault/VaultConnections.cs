using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Security.KeyVault.Secrets;
using BackupFunctions.Connections;
using BackupFunctions.Settings;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.KeyVault;

/// <summary>
/// The connections that the credential vault defines. The list of secrets shows which are new or changed; only those
/// are read, well below the vault's limit of 4,000 transactions in ten seconds, which other instances and programs
/// share.
/// </summary>
internal sealed class VaultConnections(
    SecretClient vault,
    VaultConnectionReader reader,
    ReservedSecretNames taken,
    TimeProvider time,
    ILogger<VaultConnections> logger
) : IConnectionSource
{
    private const int AtOnce = 16;

    /// <summary>How many secrets are read before the connections found so far are returned.</summary>
    private const int Portion = 500;

    /// <summary>How many unusable secrets a reading reports one by one.</summary>
    private const int MostReports = 100;

    /// <summary>
    /// The vault counts whole seconds on its own clock, so a secret that changed shortly before it was read is read
    /// again.
    /// </summary>
    private static readonly TimeSpan MayChangeUnseen = TimeSpan.FromSeconds(60);

    private readonly ConnectionSecrets _secrets = new(vault, time);
    private readonly ConcurrentDictionary<string, DefinedConnection> _known = new(StringComparer.OrdinalIgnoreCase);

    public async IAsyncEnumerable<IReadOnlyList<Connection>> ReadAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var before = _known.Count;
        var listed = await _secrets.ListAsync(cancellationToken);
        var unread = listed
            .Where(secret => !IsKnown(secret))
            .Select(secret => secret.Name)
            // Pages can shift while they are read and hide a secret, so one that seems gone is looked up before it is
            // dropped.
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
            yield return Known;
        }

        var usable = Known;
        Report();
        if (unread.Count > 0)
        {
            ConnectionLog.Read(logger, usable.Count, unread.Count, Math.Max(0, before - _known.Count));
        }

        yield return usable;
    }

    /// <inheritdoc/>
    public IReadOnlyList<Connection> Known => DefinedConnection.Usable(_known.Values, taken);

    /// <inheritdoc/>
    /// <remarks>Where people are told to save it: a secret named <c>{vendor}-{connection}</c>.</remarks>
    public async Task<bool> LookAsync(ConnectionKey key, CancellationToken cancellationToken)
    {
        try
        {
            var (secret, readAt) = await _secrets.GetAsync($"{key.Vendor}-{key.Connection}", cancellationToken);
            if (!ConnectionSecrets.DefinesConnection(secret.Properties))
            {
                return false;
            }

            _known[secret.Name] = Read(secret, readAt);
            return true;
        }
        catch (RequestFailedException)
        {
            // It is absent or disabled, or this app may not read it, of which the next list tells.
            return false;
        }
    }

    public IReadOnlyList<UnreadableSecret> Unreadable =>
        [
            .. _known
                .Values.OrderBy(defined => defined.SecretName, StringComparer.OrdinalIgnoreCase)
                .Select(defined => defined.WhyNot)
                .OfType<UnreadableSecret>(),
        ];

    private bool IsKnown(SecretProperties secret) =>
        _known.TryGetValue(secret.Name, out var known) && known.IsOf(secret);

    private async ValueTask ReadAsync(string name, CancellationToken cancellationToken)
    {
        DateTimeOffset readAt;
        KeyVaultSecret secret;
        try
        {
            (secret, readAt) = await _secrets.GetAsync(name, cancellationToken);
        }
        catch (RequestFailedException exception) when (VaultErrors.IsAbsent(exception))
        {
            _known.TryRemove(name, out _);
            return;
        }
        catch (RequestFailedException)
        {
            // Permissions can be given secret by secret: one that is unreadable does not affect the others.
            _known[name] = DefinedConnection.Unreadable(name, _known.GetValueOrDefault(name));
            return;
        }

        if (ConnectionSecrets.DefinesConnection(secret.Properties) && secret.Properties.Enabled != false)
        {
            _known[name] = Read(secret, readAt);
        }
        else
        {
            _known.TryRemove(name, out _);
        }
    }

    private DefinedConnection Read(KeyVaultSecret secret, DateTimeOffset readAt)
    {
        var before = _known.GetValueOrDefault(secret.Name);
        try
        {
            var mayChangeUnseen = (readAt - secret.Properties.UpdatedOn)?.Duration() < MayChangeUnseen;
            return DefinedConnection.Read(reader, secret, before, mayChangeUnseen);
        }
        catch (Exception exception)
        {
            // A fault of ours with one secret does not affect the others.
            var broken = DefinedConnection.Broken(secret, before);
            if (broken.TakeUnreported().Count > 0)
            {
                VaultLog.ConnectionFailed(logger, exception, secret.Name);
            }

            return broken;
        }
    }

    /// <summary>Reports each finding once per version of its secret.</summary>
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
}
