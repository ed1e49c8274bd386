using BackupFunctions.Connections;
using BackupFunctions.Settings;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Options;

namespace BackupFunctions.Check;

/// <summary>Which connections there are, and which secrets should define one and do not. The connections are known once it has run.</summary>
internal sealed class ConnectionCheck(
    ConnectionReloader news,
    ConnectionDirectory directory,
    IOptions<BackupFunctionsOptions> options,
    IConnectionSource? source = null
)
{
    private const string Subject = "connections";

    /// <summary>The step.</summary>
    public CheckStep Step(CheckRequest request) =>
        new(
            CheckGroup.Connections,
            Subject,
            new Finding(
                FindingType.DefinitionsUnread,
                Subject,
                "Not every connection that the vault defines was read in time; those that were are checked.",
                new("Name a vendor and a connection to check it alone.")
            ),
            ended => LookAsync(request, ended)
        );

    /// <summary>The connections that are asked for, by vendor and name.</summary>
    public IReadOnlyList<Connection> Targets(CheckRequest request) =>
        [
            .. directory
                .Vendors.Where(vendor =>
                    request.Vendor is null || vendor.Name.Equals(request.Vendor, StringComparison.OrdinalIgnoreCase)
                )
                .SelectMany(directory.Of)
                .Where(target =>
                    request.Connection is null
                    || target.Key.Connection.Equals(request.Connection, StringComparison.OrdinalIgnoreCase)
                ),
        ];

    private async Task<IReadOnlyList<Finding>> LookAsync(CheckRequest request, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        if (options.Value.ReadsConnectionsInVault && options.Value.VaultUri != SettingUrl.None)
        {
            await news.EnsureReadAsync(TimeSpan.Zero, cancellationToken);
            findings.AddRange((source?.Unreadable ?? []).Select(OfSecret));

            // A vault that may not be listed is told of under Vaults.
            if (news.LastFailure is { Kind: not FailureKind.VaultAccessDenied } failure)
            {
                findings.Add(
                    new Finding(
                        FindingType.DefinitionsUnread,
                        Subject,
                        $"The connections that the vault defines were not all read: {Finding.Part(failure.Detail).Sentence}",
                        new("Check once more; if it lasts, see under Vaults.")
                    )
                );
            }
        }

        return [Known(request), .. findings];
    }

    private Finding Known(CheckRequest request)
    {
        var targets = Targets(request);
        if (targets.Count > 0)
        {
            var ofVault = targets.Count(target => target.Credentials.Any(credential => credential.Member is not null));
            return new Finding(
                FindingType.ConnectionsKnown,
                Subject,
                $"{targets.Count - ofVault} in settings, {ofVault} in the vault."
            );
        }

        var vendor = request.Vendor is null ? null : directory.FindVendor(request.Vendor);
        return vendor is null
            ? new Finding(
                FindingType.ConnectionsNone,
                Subject,
                "There are no connections.",
                new(
                    "README.md says which settings describe one, docs/connections-in-the-vault.md which secret defines one."
                )
            )
            : new Finding(
                FindingType.ConnectionUnknown,
                $"{vendor.Name}/{request.Connection ?? "…"}",
                request.Connection is null
                    ? $"{vendor.Name} has no connection."
                    : "No settings describe this connection, and no secret of the vault defines it.",
                new(
                    $"Settings would begin with Connections:{vendor.SettingsName}:{request.Connection ?? ConnectionDirectory.DefaultName}:."
                )
            );
    }

    private static Finding OfSecret(UnreadableSecret secret)
    {
        var (sentence, rest) = Finding.Part(secret.Detail);
        return new Finding(
            FindingType.DefinitionUnusable,
            secret.Secret,
            sentence,
            new(
                rest
                    ?? "docs/connections-in-the-vault.md has the form. A new version of the secret is read within minutes."
            )
        );
    }
}
