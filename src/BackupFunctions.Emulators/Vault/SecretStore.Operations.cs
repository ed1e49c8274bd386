namespace BackupFunctions.Emulators;

/// <content>What the vault's HTTP operations do to the secrets.</content>
public sealed partial class SecretStore
{
    internal SecretVersion Set(string name, SecretChange change)
    {
        SecretLimits.CheckName(name);
        SecretLimits.Check(change);
        var now = _now();
        lock (_gate)
        {
            if (_secrets.TryGetValue(name, out var secret))
                RequireSettled(name, secret);
            else
                _secrets[name] = secret = new StoredSecret();

            var version = new SecretVersion(name, _randomness.Hex(16), change.Value!) { Created = now };
            secret.Versions.Add(change.ApplyTo(version, now));
            return secret.Current;
        }
    }

    internal SecretVersion Read(string name, string? version)
    {
        lock (_gate)
        {
            if (Present(name) is not { } secret || secret.IsStillChanging())
                throw VaultRefusal.NotFound(Id(name, version));

            var found = Find(secret, name, version);
            return found.Enabled ? found : throw VaultRefusal.Disabled();
        }
    }

    internal SecretVersion Update(string name, string? version, SecretChange change)
    {
        SecretLimits.Check(change);
        lock (_gate)
        {
            var secret = Present(name) ?? throw VaultRefusal.NotFound(Id(name, version));
            var index = secret.Versions.IndexOf(Find(secret, name, version));
            return secret.Versions[index] = change.ApplyTo(secret.Versions[index], _now());
        }
    }

    internal (SecretVersion Version, DateTimeOffset DeletedAt) DeleteNow(string name)
    {
        lock (_gate)
        {
            var secret = Present(name) ?? throw VaultRefusal.NotFound(name);
            secret.PollsLeft = DeletePolls;
            secret.DeletedAt = _now();
            return (secret.Current, secret.DeletedAt.Value);
        }
    }

    internal (SecretVersion Version, DateTimeOffset DeletedAt) ReadDeleted(string name)
    {
        lock (_gate)
        {
            var secret = Deleted(name);
            return secret.IsStillChanging()
                ? throw VaultRefusal.DeletedNotFound(name)
                : (secret.Current, secret.DeletedAt!.Value);
        }
    }

    /// <summary>The current versions of all secrets that are not deleted, by name.</summary>
    internal IReadOnlyList<SecretVersion> All()
    {
        lock (_gate)
        {
            return
            [
                .. _secrets
                    .Values.Where(static secret => secret.DeletedAt is null)
                    .Select(static secret => secret.Current)
                    .OrderBy(static secret => secret.Name, StringComparer.Ordinal),
            ];
        }
    }

    internal IReadOnlyList<(SecretVersion Version, DateTimeOffset DeletedAt)> AllDeleted()
    {
        lock (_gate)
        {
            return
            [
                .. _secrets
                    .Values.Where(static secret => secret is { DeletedAt: not null, PollsLeft: 0 })
                    .Select(static secret => (secret.Current, secret.DeletedAt!.Value))
                    .OrderBy(static secret => secret.Current.Name, StringComparer.Ordinal),
            ];
        }
    }

    internal SecretVersion Recover(string name)
    {
        lock (_gate)
        {
            var secret = Deleted(name);
            if (secret.IsStillChanging())
                throw VaultRefusal.BeingDeleted(name);

            secret.DeletedAt = null;
            secret.PollsLeft = RecoverPolls;
            return secret.Current;
        }
    }
}
