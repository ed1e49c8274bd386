using BackupFunctions.Connections;
using BackupFunctions.Credentials;
using BackupFunctions.Sweeps;
using BackupFunctions.Tokens;
using static BackupFunctions.Check.FindingType;

namespace BackupFunctions.Check;

/// <summary>Checks that a connection's credentials exist, are enabled, and are valid for another 30 days.</summary>
internal sealed class CredentialCheck(ICredentialSource credentials, AzureCommands commands, TimeProvider time)
{
    /// <summary>Checks one connection's credentials.</summary>
    public CheckStep Step(Connection target)
    {
        var subject = target.Key.ToString();
        return new CheckStep(
            CheckGroup.Credentials,
            new Finding(
                CredentialUnread,
                subject,
                "The vault did not return the credentials in time.",
                "Check again; a slow vault shows under Vaults."
            ),
            async timeout =>
            {
                var findings = new List<Finding>();
                foreach (var name in target.Credentials)
                {
                    findings.Add(await FindAsync(target, name, timeout));
                }

                return findings;
            }
        );
    }

    private async Task<Finding> FindAsync(Connection target, CredentialName name, CancellationToken cancellationToken)
    {
        var subject = target.Key.ToString();
        try
        {
            return await credentials.FindAsync(name, newest: true, cancellationToken) is { } credential
                ? JudgeText(target, name, credential) ?? JudgeExpiry(subject, name, credential)
                : new Finding(
                    CredentialNotThere,
                    subject,
                    $"{Label(name)} is not in the vault; an account without one-time codes does not need it."
                );
        }
        catch (TokenException exception) when (exception.Failure.Kind == FailureKind.CredentialMissing)
        {
            var missing = new Finding(
                CredentialMissing,
                subject,
                exception.Failure.Problem,
                "Save it in the vault; the next call reads it."
            );
            return commands.WithSave(missing, name);
        }
        catch (TokenException exception)
        {
            return new Finding(
                CredentialUnread,
                subject,
                $"{Label(name)} could not be read: {exception.Failure.Problem}",
                exception.Failure.Remedy ?? "Check again; if it persists, see under Vaults."
            );
        }
    }

    /// <summary>What is wrong with the text that was saved; null if it looks right.</summary>
    private Finding? JudgeText(Connection target, CredentialName name, Credential credential)
    {
        if (name.IsCertificate)
        {
            return null;
        }

        var (subject, text) = (target.Key.ToString(), credential.Secret.Reveal());
        if (name == target.TotpSecret)
        {
            return TotpSecret.Parse(text, out var wrong) is not null
                ? null
                : commands.WithSave(
                    new Finding(
                        CredentialUnusable,
                        subject,
                        $"No one-time code can be made from {Label(name)}: it {wrong}.",
                        "Save the text that the vendor shows for authenticator apps, or the URI behind its QR code."
                    ),
                    name
                );
        }

        var stray = Invisible.Find(text)
            ?? (text is ['"', _, .., '"'] or ['\'', _, .., '\''] ? "quotes around it" : null);
        return stray is null
            ? null
            : commands.WithSave(
                new Finding(
                    CredentialStray,
                    subject,
                    $"{Label(name)} has {stray}, which may have been copied along with it.",
                    "If the vendor refuses it, save it without."
                ),
                name
            );
    }

    private Finding JudgeExpiry(string subject, CredentialName name, Credential credential)
    {
        if (credential.ExpiresAt is not { } expiresAt)
        {
            return new Finding(CredentialGood, subject, $"{Label(name)} found; no expiry date.");
        }

        var left = expiresAt - time.GetUtcNow();
        if (left > CredentialExpiry.Notice)
        {
            return new Finding(CredentialGood, subject, $"{Label(name)} found; expires on {expiresAt:yyyy-MM-dd}.");
        }

        var kind = name.IsCertificate ? "certificate" : "secret";
        var expiring = new Finding(
            CredentialExpiring,
            subject,
            $"The {kind} {Label(name)} expires in {InWords(left, expiresAt)}.",
            name.IsCertificate
                ? "Register the next one at the vendor, and import it."
                : "Create the next one at the vendor, and save it."
        );
        return commands.WithSave(expiring, name);
    }

    private static string Label(CredentialName name) =>
        name.Member is null ? name.Name : $"{name.Name} ({name.Member})";

    private static string InWords(TimeSpan left, DateTimeOffset expiresAt) =>
        left switch
        {
            { TotalDays: >= 2 } => $"{left.Days} days, on {expiresAt:yyyy-MM-dd}",
            { TotalHours: >= 2 } => $"{(int)left.TotalHours} hours, on {expiresAt:yyyy-MM-dd HH:mm} UTC",
            _ => $"{(int)left.TotalMinutes} min, on {expiresAt:yyyy-MM-dd HH:mm} UTC",
        };
}
