using System.Diagnostics.CodeAnalysis;
using System.Text;
using Azure;
using Azure.Security.KeyVault.Secrets;
using BackupFunctions.Clocks;
using BackupFunctions.Emulators;

namespace BackupFunctions.Simulation;

/// <summary>
/// An instance's client of the vault. It calls the emulator's <see cref="SecretStore"/> directly, because the SDK's
/// pipeline costs more than all the rest of a simulated renewal. It throws what the SDK would throw.
/// </summary>
internal sealed class VaultClient(World world, Instance instance) : SecretClient
{
    public override Uri VaultUri => World.VaultAddress;

    public override Task<Response<KeyVaultSecret>> GetSecretAsync(
        string name,
        string? version = null,
        SecretContentType? outContentType = null,
        CancellationToken cancellationToken = default
    ) => AskAsync(() => Of(OrRefused(() => world.Vault.Secrets.Read(name, version))), cancellationToken);

    public override Task<Response<KeyVaultSecret>> SetSecretAsync(
        KeyVaultSecret secret,
        CancellationToken cancellationToken = default
    )
    {
        world.Checks.OfferedToVault(instance, secret.Name, secret.Value);
        return AskAsync(
            () =>
            {
                var (properties, tags) = (
                    secret.Properties,
                    new Dictionary<string, string>(secret.Properties.Tags, StringComparer.Ordinal)
                );
                var saved = OrRefused(() =>
                    world.Vault.Secrets.Set(
                        secret.Name,
                        secret.Value,
                        properties.ContentType,
                        WholeSeconds(properties.ExpiresOn),
                        WholeSeconds(properties.NotBefore),
                        tags
                    )
                );
                world.Checks.SavedInVault(instance, secret.Name);
                return Of(saved);
            },
            cancellationToken
        );
    }

    public override async Task<DeleteSecretOperation> StartDeleteSecretAsync(
        string name,
        CancellationToken cancellationToken = default
    )
    {
        await ChangeAsync(name, () => world.Vault.Secrets.DeleteNow(name).Version, cancellationToken);

        // The store does not wait for the deletion to complete.
        return null!;
    }

    public override async Task<RecoverDeletedSecretOperation> StartRecoverDeletedSecretAsync(
        string name,
        CancellationToken cancellationToken = default
    )
    {
        await ChangeAsync(name, () => world.Vault.Secrets.Recover(name), cancellationToken);
        return null!;
    }

    public override AsyncPageable<SecretProperties> GetPropertiesOfSecretVersionsAsync(
        string name,
        CancellationToken cancellationToken = default
    ) =>
        AsyncPageable<SecretProperties>.FromPages([
            Page<SecretProperties>.FromValues(
                [.. world.Vault.Secrets.Versions(name).Select(static version => Of(version).Properties)],
                null,
                new BareResponse(200, "")
            ),
        ]);

    private Task<Response<SecretVersion>> ChangeAsync(
        string name,
        Func<SecretVersion> change,
        CancellationToken cancellationToken
    ) =>
        AskAsync(
            () =>
            {
                var changed = OrRefused(change);
                world.Checks.SavedInVault(instance, name);
                return changed;
            },
            cancellationToken
        );

    private async Task<Response<T>> AskAsync<T>(Func<T> answer, CancellationToken cancellationToken)
    {
        world.Figures.VaultCalls++;
        var sent = instance.Time.GetTimestamp();
        try
        {
            var answered = await world.Network.AskAsync(instance, world.VaultServer, answer, cancellationToken);
            ShowTime(sent);
            return Response.FromValue(answered, new BareResponse(200, ""));
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            ShowTime(sent);
            throw;
        }
    }

    /// <summary>The Date of the vault's reply, whose clock is right.</summary>
    private void ShowTime(long sent)
    {
        var date = DateTimeOffset.FromUnixTimeSeconds(world.Now.ToUnixTimeSeconds());
        if (ServerTime.Of(World.VaultAddress, isVault: true, date, sent, instance.Time) is { } shown)
        {
            instance.Time.Observe(shown);
        }
    }

    private static T OrRefused<T>(Func<T> ask)
    {
        try
        {
            return ask();
        }
        catch (VaultRefusalException refusal)
        {
            var body = SecretJson.Refusal(refusal).ToJsonString();
            throw new RequestFailedException(new BareResponse(refusal.Status, body), refusal);
        }
    }

    private static KeyVaultSecret Of(SecretVersion version)
    {
        var properties = SecretModelFactory.SecretProperties(
            new Uri(World.VaultAddress, $"secrets/{version.Name}/{version.Version}"),
            World.VaultAddress,
            version.Name,
            version.Version,
            createdOn: version.Created
        );
        properties.ContentType = version.ContentType;
        properties.Enabled = version.Enabled;
        properties.NotBefore = version.NotBefore;
        properties.ExpiresOn = version.ExpiresOn;
        foreach (var (name, value) in version.Tags)
        {
            properties.Tags[name] = value;
        }

        return SecretModelFactory.KeyVaultSecret(properties, version.Value);
    }

    // The service keeps Unix seconds.
    private static DateTimeOffset? WholeSeconds(DateTimeOffset? instant) =>
        instant is { } given ? DateTimeOffset.FromUnixTimeSeconds(given.ToUnixTimeSeconds()) : null;
}

/// <summary>A response of a status and a body.</summary>
internal sealed class BareResponse(int status, string body) : Response
{
    public override int Status => status;

    public override string ReasonPhrase => "";

    public override Stream? ContentStream { get; set; } = new MemoryStream(Encoding.UTF8.GetBytes(body));

    public override string ClientRequestId { get; set; } = "";

    public override void Dispose() { }

    protected override bool ContainsHeader(string name) => false;

    protected override IEnumerable<Azure.Core.HttpHeader> EnumerateHeaders() => [];

    protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value) =>
        (value = null) is not null;

    protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values) =>
        (values = null) is not null;
}
