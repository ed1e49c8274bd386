using BackupFunctions.Connections;
using BackupFunctions.Credentials;
using BackupFunctions.Sweeps;
using BackupFunctions.Tokens;

namespace BackupFunctions.Check;

/// <summary>A connection's secrets and certificates: whether they are there, enabled, valid now and for another 30 days.</summary>
internal sealed class CredentialCheck(ICredentialSource credentials, VaultAccesses vaults, TimeProvider time)
{
    /// <summary>The step for a connection.</summary>
    public CheckStep Step(Connection target)
    {
        var subject = target.Key.ToString();
        return new CheckStep(
            CheckGroup.Credentials,
            subject,
            new Finding(
                FindingType.CredentialUnread,
                subject,
                "The vault did not give its credentials in time.",
                new("Check once more; a vault that is slow shows under Vaults.")
            ),
            async ended =>
            {
                var findings = new List<Finding>();
                foreach (var name in target.Credentials)
                {
                    findings.Add(await FindAsync(subject, name, ended));
                }

                return findings;
            }
        );
    }

    private async Task<Finding> FindAsync(string subject, CredentialName name, CancellationToken cancellationToken)
    {
        try
        {
            return await credentials.FindAsync(name, newest: true, cancellationToken) is { } credential
                ? Judge(subject, name, credential)
                : new Finding(
                    FindingType.CredentialNotThere,
                    subject,
                    $"{Label(name)} is not in the vault; an account without one-time codes needs none."
                );
        }
        catch (TokenException exception)
        {
            var (sentence, rest) = Finding.Part(exception.Failure.Detail);
            return exception.Failure.Kind == FailureKind.CredentialMissing
                ? new Finding(
                    FindingType.CredentialMissing,
                    subject,
                    sentence,
                    AzureCommands.Save(vaults, name, "Save it in the vault; it is read at the next call.")
                )
                : new Finding(
                    FindingType.CredentialUnread,
                    subject,
                    $"{Label(name)} could not be read: {sentence}",
                    new(rest ?? "Check once more; if it lasts, see under Vaults.")
                );
        }
    }

    private Finding Judge(string subject, CredentialName name, Credential credential)
    {
        if (credential.ExpiresAt is not { } end)
        {
            return new Finding(FindingType.CredentialGood, subject, $"{Label(name)} is there, and has no end.");
        }

        var left = end - time.GetUtcNow();
        return left > CredentialExpiry.Notice
            ? new Finding(FindingType.CredentialGood, subject, $"{Label(name)} is valid until {end:yyyy-MM-dd}.")
            : new Finding(
                FindingType.CredentialExpiring,
                subject,
                $"The {(name.IsCertificate ? "certificate" : "secret")} {Label(name)} expires in {In(left)}, on {(left >= TimeSpan.FromDays(2) ? $"{end:yyyy-MM-dd}" : $"{end:yyyy-MM-dd HH:mm} UTC")}.",
                AzureCommands.Save(
                    vaults,
                    name,
                    name.IsCertificate
                        ? "Register the next one at the vendor, and import it."
                        : "Make the next one at the vendor, and save it."
                )
            );
    }

    private static string Label(CredentialName name) =>
        name.Member is null ? name.Name : $"{name.Name} ({name.Member})";

    private static string In(TimeSpan left) =>
        left >= TimeSpan.FromDays(2) ? $"{left.Days} days"
        : left >= TimeSpan.FromHours(2) ? $"{(int)left.TotalHours} hours"
        : $"{(int)left.TotalMinutes} min";
}
