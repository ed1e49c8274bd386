using BackupFunctions.Settings;
using BackupFunctions.Settings.Access;
using BackupFunctions.Sweeps;
using Microsoft.Extensions.Options;
using static BackupFunctions.Check.FindingType;

namespace BackupFunctions.Check;

/// <summary>Decides what to check, given what was found so far.</summary>
internal sealed class CheckPlan(
    IOptions<BackupFunctionsOptions> options,
    FoundationChecks foundations,
    ConnectionCheck connections,
    CredentialCheck credentials,
    ServerCheck servers,
    SignInCheck signIns
)
{
    /// <summary>The steps that every connection depends on.</summary>
    public IReadOnlyList<CheckStep> Foundations(CheckRequest request) =>
        [Settings(), .. foundations.Steps(request), connections.Step(request)];

    /// <summary>Checks credentials and servers without signing in.</summary>
    public IReadOnlyList<CheckStep> Connections(
        CheckRequest request,
        IReadOnlyList<(CheckGroup Group, Finding Finding)> found
    )
    {
        var targets = connections.Targets(request);
        var serverSteps = servers.Steps(targets).Select(server => server.Step);

        // The credential vault comes first.
        var vault = found.FirstOrDefault(one => one.Group == CheckGroup.Vaults).Finding;
        if (targets.Count > 0 && vault is not null && vault.Type != VaultGetAllowed)
        {
            var skipped = new Finding(
                CredentialsUnchecked,
                "credentials",
                "Not checked, because the vault cannot be read."
            );
            return [CheckStep.Known(CheckGroup.Credentials, skipped), .. serverSteps];
        }

        return [.. targets.Select(credentials.Step), .. serverSteps];
    }

    /// <summary>Signs in, except where a finding says that it cannot work.</summary>
    public IReadOnlyList<CheckStep> SignIns(
        CheckRequest request,
        IReadOnlyList<(CheckGroup Group, Finding Finding)> found
    )
    {
        var targets = connections.Targets(request);
        if (targets.Count == 0)
        {
            return [];
        }

        if (!request.SignsIn)
        {
            return [Skipped("sign-in", "Skipped as requested.")];
        }

        if (options.Value.Findings.Count > 0)
        {
            return [Skipped("sign-in", "Skipped, because a host would not start with these settings.")];
        }

        var serverOf = servers
            .Steps(targets)
            .SelectMany(server => server.Connections.Select(target => (target.Key, server.Step.Subject)))
            .ToDictionary(one => one.Key, one => one.Subject);
        return
        [
            .. targets.Select(target =>
                Obstacle(found, target.Key.ToString(), serverOf[target.Key]) is { } obstacle
                    ? Skipped(target.Key.ToString(), $"Skipped, because {obstacle}.")
                    : signIns.Step(target)
            ),
        ];
    }

    private CheckStep Settings()
    {
        var settings = options.Value;
        Finding[] wrong =
        [
            .. settings.Findings.Select(finding => Of(SettingRefused, finding)),
            .. settings.Misconfigured.Select(connection => new Finding(
                ConnectionMisconfigured,
                connection.Key.ToString(),
                connection.Problem,
                connection.Remedy
            )),
            .. settings.Unknown.Select(finding => Of(SettingUnknown, finding)),
        ];
        Finding[] found = wrong.Length > 0 ? wrong : [new Finding(SettingsGood, "settings", "All settings are valid.")];
        return CheckStep.Known(
            CheckGroup.Settings,
            settings.Findings.Count > 0 ? found : [.. found, .. DefaultSchedules(settings), Admitted(settings.Access)]
        );
    }

    private static Finding[] DefaultSchedules(BackupFunctionsOptions settings) =>
        settings.DefaultSchedules is { Count: > 0 } defaults
            ?
            [
                new Finding(
                    SchedulesDefault,
                    "schedules",
                    $"Not set, so that the timer runs at {RefreshSchedule.DefaultExpression}: "
                        + $"{string.Join(", ", defaults)}."
                ),
            ]
            : [];

    private static Finding Admitted(AccessOptions access) =>
        new(
            CallersAdmitted,
            "callers",
            access.Admission switch
            {
                Admission.Everyone => "Callers on this machine need no key: this is LocalHost.",
                Admission.Keys => "Whoever has a function key is admitted, and no log can say who it was.",
                Admission.KeysAndAppRoles => "Callers need a function key and an app role of Entra ID.",
                _ => "Callers need an app role of Entra ID. There are no function keys.",
            }
        );

    private static Finding Of(FindingType type, SettingFinding finding) =>
        new(type, finding.Key, finding.Sentence, finding.Remedy);

    private static CheckStep Skipped(string subject, string why) =>
        CheckStep.Known(CheckGroup.SignIns, new Finding(SignInLeftOut, subject, why));

    private static string? Obstacle(
        IReadOnlyList<(CheckGroup Group, Finding Finding)> found,
        string connection,
        string server
    )
    {
        bool IsBroken(CheckGroup group, string subject) =>
            found.Any(one =>
                one.Group == group && one.Finding.Subject == subject && one.Finding.Type.Level == FindingLevel.Error
            );

        if (found.Any(one => one.Finding.Type == CredentialsUnchecked))
        {
            return "the vault cannot be read";
        }

        if (IsBroken(CheckGroup.Credentials, connection))
        {
            return "a credential is missing";
        }

        return IsBroken(CheckGroup.Servers, server) ? "its server cannot be used" : null;
    }
}
