using BackupFunctions.Connections;
using BackupFunctions.Settings;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Options;
using static BackupFunctions.Check.FindingType;

namespace BackupFunctions.Check;

/// <summary>Finds connections, and secrets that fail to define one. Run its step before asking for targets.</summary>
internal sealed class ConnectionCheck(
    ConnectionReloader reloader,
    ConnectionDirectory directory,
    IOptions<BackupFunctionsOptions> options,
    IConnectionSource? source = null
)
{
    private const string Subject = "connections";

    /// <summary>Reads the connections.</summary>
    public CheckStep Step(CheckRequest request) =>
        new(
            CheckGroup.Connections,
            new Finding(
                DefinitionsUnread,
                Subject,
                "Reading the connections in the vault took too long; the others are checked.",
                "Name a vendor and a connection to check it alone."
            ),
            timeout => CheckAsync(request, timeout)
        );

    /// <summary>The connections to check, by vendor and name.</summary>
    public IReadOnlyList<Connection> Targets(CheckRequest request) =>
        [
            .. directory
                .Vendors.Where(vendor => Matches(request.Vendor, vendor.Name))
                .SelectMany(directory.Of)
                .Where(target => Matches(request.Connection, target.Key.Connection)),
        ];

    private static bool Matches(string? wanted, string name) =>
        wanted is null || name.Equals(wanted, StringComparison.OrdinalIgnoreCase);

    private async Task<IReadOnlyList<Finding>> CheckAsync(CheckRequest request, CancellationToken cancellationToken)
    {
        if (!options.Value.ReadsConnectionsInVault || options.Value.VaultUri == SettingUrl.None)
        {
            return [Known(request)];
        }

        await reloader.EnsureReadAsync(TimeSpan.Zero, cancellationToken);
        List<Finding> findings = [Known(request), .. (source?.Unreadable ?? []).Select(Unusable)];

        // The Vaults group reports a vault that does not allow listing.
        if (reloader.LastFailure is { Kind: not FailureKind.VaultAccessDenied } failure)
        {
            findings.Add(
                new Finding(
                    DefinitionsUnread,
                    Subject,
                    $"Some connections in the vault could not be read: {failure.Problem}",
                    "Check again; if it persists, see under Vaults."
                )
            );
        }

        return findings;
    }

    private Finding Known(CheckRequest request)
    {
        var targets = Targets(request);
        var misconfigured = directory.Misconfigured.Count(wrong =>
            Matches(request.Vendor, wrong.Key.Vendor) && Matches(request.Connection, wrong.Key.Connection)
        );
        if (targets.Count + misconfigured > 0)
        {
            var inVault = targets.Count(target => target.Credentials.Any(credential => credential.Member is not null));
            return new Finding(
                ConnectionsKnown,
                Subject,
                $"{targets.Count - inVault} in settings, {inVault} in the vault"
                    + (misconfigured == 0 ? "." : $"; {misconfigured} misconfigured, see under Settings.")
            );
        }

        if (request.Vendor is not { } name || directory.FindVendor(name) is not { } vendor)
        {
            return new Finding(
                ConnectionsNone,
                Subject,
                "There are no connections.",
                "docs/settings.md describes the settings of a connection, docs/connections-in-the-vault.md its secret."
            );
        }

        return new Finding(
            ConnectionUnknown,
            $"{vendor.Name}/{request.Connection ?? "…"}",
            request.Connection is null
                ? $"{vendor.Name} has no connection."
                : "Neither the settings nor a secret in the vault define this connection.",
            $"Its settings begin with Connections:{vendor.SettingsName}:"
                + $"{request.Connection ?? ConnectionDirectory.DefaultName}:."
        );
    }

    private static Finding Unusable(UnreadableSecret secret) =>
        new(
            DefinitionUnusable,
            secret.Secret,
            secret.Problem,
            secret.Remedy
                ?? "docs/connections-in-the-vault.md describes its form. A new version is read within minutes."
        );
}
