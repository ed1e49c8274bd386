using BackupFunctions.Credentials;
using BackupFunctions.Tokens;

namespace BackupFunctions.Settings.Alerting;

/// <summary>Where to post, and with which value of the header.</summary>
/// <param name="Url">The address; null with a problem.</param>
/// <param name="Header">The header's value; null without a header.</param>
/// <param name="Problem">What is wrong, as the rest of a sentence about the webhook; null if nothing is.</param>
internal sealed record WebhookTarget(Uri? Url, SecretText? Header, string? Problem)
{
    /// <summary>Reads what the settings leave to the vault.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="credentials">The vault.</param>
    /// <param name="newest">Whether the receiver refused what was read before.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TokenException">The vault has no such secret, or does not answer.</exception>
    public static async Task<WebhookTarget> FindAsync(
        AlertOptions options,
        ICredentialSource credentials,
        bool newest,
        CancellationToken cancellationToken
    )
    {
        var url = options.Url?.Reveal() ?? await ReadAsync(options.UrlSecretName!);
        if (AlertSettings.WhatIsWrongWith(url) is { } wrong)
        {
            return Wrong($"has no URL: the secret {options.UrlSecretName} {wrong.TrimEnd('.')}");
        }

        if (options.Header is not { } header)
        {
            return new WebhookTarget(new Uri(url), Header: null, Problem: null);
        }

        var value = await ReadAsync(header.SecretName);
        return HttpHeader.IsValue(value)
            ? new WebhookTarget(new Uri(url), new SecretText(value), Problem: null)
            : Wrong(
                $"has no header: the secret {header.SecretName} is empty, or contains a line break or another "
                    + "character that no header may have"
            );

        async Task<string> ReadAsync(string secret)
        {
            var found = await credentials.FindAsync(new CredentialName(secret), newest, cancellationToken);
            return Invisible.Trim(found?.Secret.Reveal() ?? "").Trim();
        }

        static WebhookTarget Wrong(string problem) => new(Url: null, Header: null, problem);
    }
}
