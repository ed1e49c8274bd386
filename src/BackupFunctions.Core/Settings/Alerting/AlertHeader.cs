namespace BackupFunctions.Settings.Alerting;

/// <summary>A header with which the receiver of alerts authenticates this app.</summary>
/// <param name="Name">Its name.</param>
/// <param name="SecretName">The secret of the credential vault that holds its value.</param>
internal sealed record AlertHeader(string Name, string SecretName)
{
    public const string NameSetting = "HeaderName";

    public const string SecretSetting = "HeaderSecretName";

    /// <summary>Reads the two settings.</summary>
    /// <returns>Null if they are not set, or not rightly so.</returns>
    public static AlertHeader? Read(string name, string secret, List<SettingFinding> findings)
    {
        if (name.Length == 0 && secret.Length == 0)
        {
            return null;
        }

        if (name.Length == 0 || secret.Length == 0)
        {
            var (given, missing) = name.Length == 0 ? (SecretSetting, NameSetting) : (NameSetting, SecretSetting);
            findings.Add($"Alerts:{given}", $"is set without Alerts:{missing}.", "Give both, or neither.");
            return null;
        }

        if (!HttpHeader.IsName(name))
        {
            findings.Add(
                $"Alerts:{NameSetting}",
                "is not the name of a header that may be set.",
                "Give the name that the receiver asks for, for example X-Api-Key or Authorization."
            );
            return null;
        }

        if (!ConnectionSettings.IsSecretName(secret))
        {
            findings.Add(
                $"Alerts:{SecretSetting}",
                "is not a valid secret name.",
                "Give letters, digits and hyphens, for example alert-webhook-key."
            );
            return null;
        }

        return new AlertHeader(name, secret);
    }
}
