using System.Globalization;
using Azure;
using Microsoft.Net.Http.Headers;

namespace BackupFunctions.AzureSdk;

/// <summary>The wait that a reply of an Azure service asks for.</summary>
internal static class RetryAfterHeader
{
    /// <summary>The longest wait that is obeyed: a quota of Key Vault or storage is free again in seconds.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    private static readonly string[] InMilliseconds = ["retry-after-ms", "x-ms-retry-after-ms"];

    /// <summary>
    /// Reads the headers that the Azure SDK reads: milliseconds, or whole seconds, or a date on the service's clock
    /// (RFC 9110 section 10.2.3).
    /// </summary>
    /// <returns>
    /// From zero to <see cref="Longest"/>; null if no wait is asked for, or in a form that nothing can be made of.
    /// </returns>
    public static TimeSpan? Of(Response response) =>
        Bounded(
            Seconds(response)
                ?? (
                    Text(response) is { } text
                    && DateTimeOffset.TryParse(
                        text,
                        CultureInfo.InvariantCulture,
                        DateTimeStyles.AssumeUniversal,
                        out var date
                    )
                        ? (date - response.Headers.Date)?.TotalSeconds
                        : null
                )
        );

    /// <summary>
    /// Whether a longer wait is asked for, or may be: the SDK reads a date by this host's clock, which may be wrong.
    /// </summary>
    public static bool AsksForMoreThan(TimeSpan wait, Response response) =>
        Seconds(response) is { } seconds ? seconds > wait.TotalSeconds : Text(response) is not null;

    private static double? Seconds(Response response)
    {
        foreach (var name in InMilliseconds)
        {
            if (Number(response, name) is { } milliseconds)
            {
                return milliseconds / 1000;
            }
        }

        return Number(response, HeaderNames.RetryAfter);
    }

    private static string? Text(Response response) =>
        response.Headers.TryGetValue(HeaderNames.RetryAfter, out var text) ? text : null;

    private static double? Number(Response response, string name) =>
        response.Headers.TryGetValue(name, out var text)
        && double.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static TimeSpan? Bounded(double? seconds) =>
        seconds is { } asked ? TimeSpan.FromSeconds(Math.Clamp(asked, 0, Longest.TotalSeconds)) : null;
}
