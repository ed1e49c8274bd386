using static BackupFunctions.Check.FindingLevel;

namespace BackupFunctions.Check;

/// <summary>One result of a check. Never carries a token, a secret or the body of a reply.</summary>
/// <param name="Type">What was found.</param>
/// <param name="Subject">A connection, a vault, a server or a setting.</param>
/// <param name="Sentence">What was found in plain words, with the names and figures of this case.</param>
/// <param name="Remedy">How to fix it, in whole sentences; null if there is nothing to fix.</param>
/// <param name="Command">A command or a setting to copy, where one helps. Fill in what is in &lt;…&gt;.</param>
public sealed record Finding(
    FindingType Type,
    string Subject,
    string Sentence,
    string? Remedy = null,
    string? Command = null
);

/// <summary>A kind of finding. An id never changes its meaning; docs/check.md explains each.</summary>
/// <param name="Id">A stable name in kebab-case.</param>
/// <param name="Level">How bad it is.</param>
public sealed record FindingType(string Id, FindingLevel Level)
{
    internal static readonly FindingType SettingsGood = new("settings-good", Ok);
    internal static readonly FindingType CallersAdmitted = new("callers-admitted", Ok);
    internal static readonly FindingType SchedulesDefault = new("schedules-default", Ok);
    internal static readonly FindingType SettingRefused = new("setting-refused", Error);
    internal static readonly FindingType SettingUnknown = new("setting-unknown", Error);
    internal static readonly FindingType ConnectionMisconfigured = new("connection-misconfigured", Error);

    internal static readonly FindingType VaultGetAllowed = new("vault-get-allowed", Ok);
    internal static readonly FindingType VaultGetDenied = new("vault-get-denied", Error);
    internal static readonly FindingType VaultListAllowed = new("vault-list-allowed", Ok);
    internal static readonly FindingType VaultListUnneeded = new("vault-list-unneeded", Ok);
    internal static readonly FindingType VaultListDenied = new("vault-list-denied", Warning);
    internal static readonly FindingType VaultSaveAllowed = new("vault-save-allowed", Ok);
    internal static readonly FindingType VaultSaveDenied = new("vault-save-denied", Error);
    internal static readonly FindingType VaultSaveUntried = new("vault-save-untried", Skipped);
    internal static readonly FindingType VaultFirewall = new("vault-firewall", Error);
    internal static readonly FindingType VaultIdentity = new("vault-identity", Error);
    internal static readonly FindingType VaultUnreachable = new("vault-unreachable", Error);
    internal static readonly FindingType VaultUnchecked = new("vault-unchecked", Skipped);

    internal static readonly FindingType AlertWebhookKnown = new("alert-webhook-known", Ok);
    internal static readonly FindingType AlertWebhookUnusable = new("alert-webhook-unusable", Error);
    internal static readonly FindingType AlertWebhookUnread = new("alert-webhook-unread", Error);
    internal static readonly FindingType TelemetryReached = new("telemetry-reached", Ok);
    internal static readonly FindingType TelemetryUnreached = new("telemetry-unreached", Warning);

    internal static readonly FindingType StorageGood = new("storage-good", Ok);
    internal static readonly FindingType StorageNotSet = new("storage-not-set", Skipped);
    internal static readonly FindingType StorageMissing = new("storage-missing", Error);
    internal static readonly FindingType StorageUnchecked = new("storage-unchecked", Skipped);
    internal static readonly FindingType StorageDenied = new("storage-denied", Error);
    internal static readonly FindingType StorageUnreachable = new("storage-unreachable", Error);

    internal static readonly FindingType ConnectionsKnown = new("connections-known", Ok);
    internal static readonly FindingType ConnectionsNone = new("connections-none", Warning);
    internal static readonly FindingType ConnectionUnknown = new("connection-unknown", Error);
    internal static readonly FindingType DefinitionUnusable = new("definition-unusable", Error);
    internal static readonly FindingType DefinitionsUnread = new("definitions-unread", Warning);

    internal static readonly FindingType CredentialGood = new("credential-good", Ok);
    internal static readonly FindingType CredentialNotThere = new("credential-not-there", Ok);
    internal static readonly FindingType CredentialExpiring = new("credential-expiring", Warning);
    internal static readonly FindingType CredentialMissing = new("credential-missing", Error);
    internal static readonly FindingType CredentialUnusable = new("credential-unusable", Error);
    internal static readonly FindingType CredentialStray = new("credential-stray", Warning);
    internal static readonly FindingType CredentialUnread = new("credential-unread", Error);
    internal static readonly FindingType CredentialsUnchecked = new("credentials-unchecked", Skipped);

    internal static readonly FindingType ServerReached = new("server-reached", Ok);
    internal static readonly FindingType ServerNameUnknown = new("server-name-unknown", Error);
    internal static readonly FindingType ServerUnreachable = new("server-unreachable", Error);
    internal static readonly FindingType ServerFailing = new("server-failing", Warning);
    internal static readonly FindingType CertificateGood = new("certificate-good", Ok);
    internal static readonly FindingType CertificateExpiring = new("certificate-expiring", Warning);
    internal static readonly FindingType CertificateNotTrusted = new("certificate-not-trusted", Error);
    internal static readonly FindingType CertificateNotPinned = new("certificate-not-pinned", Error);
    internal static readonly FindingType ServerPlain = new("server-plain", Ok);
    internal static readonly FindingType DiscoveryGood = new("discovery-good", Ok);
    internal static readonly FindingType DiscoveryNotTrusted = new("discovery-not-trusted", Error);
    internal static readonly FindingType DiscoveryUnusable = new("discovery-unusable", Error);
    internal static readonly FindingType ClockGood = new("clock-good", Ok);
    internal static readonly FindingType ClockOff = new("clock-off", Warning);
    internal static readonly FindingType ClockUnknown = new("clock-unknown", Skipped);

    internal static readonly FindingType SignInGood = new("sign-in-good", Ok);
    internal static readonly FindingType ApiCallGood = new("api-call-good", Ok);
    internal static readonly FindingType ApiCallRefused = new("api-call-refused", Error);
    internal static readonly FindingType ApiCallFailed = new("api-call-failed", Warning);
    internal static readonly FindingType SignInRefused = new("sign-in-refused", Error);
    internal static readonly FindingType SignInFailed = new("sign-in-failed", Error);
    internal static readonly FindingType SignInHeld = new("sign-in-held", Error);
    internal static readonly FindingType SignInBackingOff = new("sign-in-backing-off", Warning);
    internal static readonly FindingType SignInUnfinished = new("sign-in-unfinished", Warning);
    internal static readonly FindingType SignInLeftOut = new("sign-in-left-out", Skipped);
    internal static readonly FindingType EnrolmentNeeded = new("enrolment-needed", Error);
    internal static readonly FindingType SignedOut = new("signed-out", Warning);
    internal static readonly FindingType TokenSaved = new("token-saved", Ok);
    internal static readonly FindingType TokenNotSaved = new("token-not-saved", Error);

    internal static readonly FindingType CheckBroke = new("check-broke", Error);
    internal static readonly FindingType OutOfTime = new("out-of-time", Warning);
}

/// <summary>How bad a finding is. The worst one in a report determines the exit status.</summary>
public enum FindingLevel
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Not checked; the finding says why.</summary>
    Skipped,

    /// <summary>Works now, but not for long or not always.</summary>
    Warning,

    /// <summary>Does not work.</summary>
    Error,
}
