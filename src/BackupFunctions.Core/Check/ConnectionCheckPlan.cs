using BackupFunctions.Check.Servers;
using BackupFunctions.Connections;

namespace BackupFunctions.Check;

/// <summary>The steps for connections, and what need not be tried.</summary>
internal sealed class ConnectionCheckPlan(CredentialCheck credentials, ServerCheck servers, SignInCheck signIns)
{
    /// <summary>Looks at credentials and servers; nothing is signed in.</summary>
    /// <param name="targets">Of which connections.</param>
    /// <param name="ofVaults">What was found at the vaults, the one with the credentials first.</param>
    public IReadOnlyList<CheckStep> Looks(IReadOnlyList<Connection> targets, IReadOnlyList<Finding> ofVaults) =>
        [
            .. ofVaults.Count > 0 && ofVaults[0].Type != FindingType.VaultGetAllowed && targets.Count > 0
                ?
                [
                    Told(
                        CheckGroup.Credentials,
                        new Finding(
                            FindingType.CredentialsUnchecked,
                            "credentials",
                            "Not looked at, because the vault cannot be read."
                        )
                    ),
                ]
                : targets.Select(credentials.Step),
            .. servers.Steps(targets).Select(server => server.Step),
        ];

    /// <summary>Signs in where nothing that was found stands in the way.</summary>
    /// <param name="request">What is to be checked.</param>
    /// <param name="targets">Of which connections.</param>
    /// <param name="areSettingsGood">Whether a host would start with these settings.</param>
    /// <param name="found">What was found so far.</param>
    public IReadOnlyList<CheckStep> SignIns(
        CheckRequest request,
        IReadOnlyList<Connection> targets,
        bool areSettingsGood,
        IReadOnlyList<(CheckStep Step, IReadOnlyList<Finding> Findings)> found
    )
    {
        if (targets.Count == 0)
        {
            return [];
        }

        if (!request.SignsIn || !areSettingsGood)
        {
            var why = request.SignsIn
                ? "Not tried, because a host would not start with these settings."
                : "Not tried, as you asked for.";
            return [Told(CheckGroup.SignIns, new Finding(FindingType.SignInLeftOut, "sign-in", why))];
        }

        var broken = found
            .Where(one => one.Findings.Any(finding => finding.Type.Level == FindingLevel.Error))
            .Select(one => (one.Step.Group, one.Step.Subject))
            .ToHashSet();
        var serverOf = servers
            .Steps(targets)
            .SelectMany(server => server.Of.Select(target => (target.Key, server.Step.Subject)))
            .ToDictionary(one => one.Key, one => one.Subject);
        var isVaultShut = found.Any(one =>
            one.Findings.Any(finding => finding.Type == FindingType.CredentialsUnchecked)
        );
        return
        [
            .. targets.Select(target =>
                target.Key is var key
                && Obstacle(broken, key.ToString(), serverOf.GetValueOrDefault(key), isVaultShut) is { } obstacle
                    ? Told(
                        CheckGroup.SignIns,
                        new Finding(FindingType.SignInLeftOut, key.ToString(), $"Not tried, because {obstacle}.")
                    )
                    : signIns.Step(target)
            ),
        ];
    }

    private static string? Obstacle(
        HashSet<(CheckGroup Group, string Subject)> broken,
        string connection,
        string? server,
        bool isVaultShut
    ) =>
        isVaultShut ? "the vault cannot be read"
        : broken.Contains((CheckGroup.Credentials, connection)) ? "a credential is missing"
        : server is not null && broken.Contains((CheckGroup.Servers, server)) ? "its server cannot be used"
        : null;

    private static CheckStep Told(CheckGroup group, Finding finding) =>
        new(group, finding.Subject, finding, _ => Task.FromResult<IReadOnlyList<Finding>>([finding]));
}
