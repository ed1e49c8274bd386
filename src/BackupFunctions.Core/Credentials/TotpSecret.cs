using System.Globalization;
using OtpNet;

namespace BackupFunctions.Credentials;

/// <summary>
/// What an account's one-time codes are made from (RFC 6238): the Base32 text that a vendor shows, or the
/// <c>otpauth://totp/</c> URI behind its QR code (github.com/google/google-authenticator, "Key Uri Format"). Six digits
/// of HMAC-SHA-1 every 30 s, unless the URI says otherwise.
/// </summary>
internal sealed class TotpSecret
{
    private const string Scheme = "otpauth";

    /// <summary>
    /// The shortest key in use: 80 bits. A shorter one was not copied to its end, and the codes made from it would lock
    /// the account.
    /// </summary>
    private const int ShortestKey = 10;

    private static readonly Dictionary<string, OtpHashMode> Algorithms = new(StringComparer.OrdinalIgnoreCase)
    {
        ["SHA1"] = OtpHashMode.Sha1,
        ["SHA256"] = OtpHashMode.Sha256,
        ["SHA512"] = OtpHashMode.Sha512,
    };

    private readonly Totp _totp;

    private TotpSecret(byte[] key, OtpHashMode algorithm, int digits, int period)
    {
        _totp = new Totp(key, period, algorithm, digits);
        Period = period;
    }

    /// <summary>How long a code holds, in seconds.</summary>
    public int Period { get; }

    /// <summary>Reads a secret.</summary>
    /// <param name="text">The text as it was saved.</param>
    /// <param name="finding">What is wrong with it, as the rest of a sentence; never a part of it.</param>
    /// <returns>Null if no code can be made from it.</returns>
    public static TotpSecret? Parse(string text, out string finding)
    {
        var clean = Invisible.Remove(text).Trim();
        return clean.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? ParseUri(clean, out finding)
            : Create(clean, new(OtpHashMode.Sha1, 6, 30), out finding);
    }

    /// <summary>The code of a time step.</summary>
    /// <param name="step">The number of periods since 1970.</param>
    public string CodeOf(long step) => _totp.ComputeTotp(DateTimeOffset.FromUnixTimeSeconds(step * Period).UtcDateTime);

    private static TotpSecret? ParseUri(string text, out string finding)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme != Scheme || uri.Host != "totp")
        {
            finding =
                "is not an otpauth://totp/ URI: codes that count, and exports of several accounts, cannot be used";
            return null;
        }

        var query = uri
            .Query.TrimStart('?')
            .Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .ToLookup(pair => Decode(pair[0]), pair => Decode(pair[^1]), StringComparer.OrdinalIgnoreCase);
        if (query.Any(values => values.Count() > 1))
        {
            finding = "is a URI with a parameter twice";
            return null;
        }

        return ParametersOf(query, out finding) is { } parameters
            ? Create(Value(query, "secret", ""), parameters, out finding)
            : null;
    }

    private static Parameters? ParametersOf(ILookup<string, string> query, out string finding)
    {
        var name = Value(query, "algorithm", "SHA1").Replace("-", "", StringComparison.Ordinal);
        if (!Algorithms.TryGetValue(name, out var algorithm))
        {
            finding = "is a URI whose algorithm is none of SHA1, SHA256 and SHA512";
            return null;
        }

        // RFC 4226 section 5.3: at least six digits; a longer code than eight has none to add.
        if (!TryRead(Value(query, "digits", "6"), 6, 8, out var digits))
        {
            finding = "is a URI whose digits are not 6 to 8";
            return null;
        }

        if (!TryRead(Value(query, "period", "30"), 1, 120, out var period))
        {
            finding = "is a URI whose period is not 1 to 120 seconds";
            return null;
        }

        finding = "";
        return new Parameters(algorithm, digits, period);
    }

    private static TotpSecret? Create(string base32, Parameters parameters, out string finding)
    {
        var text = base32.Replace(" ", "", StringComparison.Ordinal).TrimEnd('=').ToUpperInvariant();
        finding = text.Length == 0 ? "is empty" : "is not Base32 text (A to Z, 2 to 7)";
        if (text.Length == 0 || !text.All(one => one is (>= 'A' and <= 'Z') or (>= '2' and <= '7')))
        {
            return null;
        }

        var key = Base32Encoding.ToBytes(text);
        if (key.Length < ShortestKey)
        {
            finding = "is too short: it has fewer than 16 characters";
            return null;
        }

        finding = "";
        return new TotpSecret(key, parameters.Algorithm, parameters.Digits, parameters.Period);
    }

    private static string Value(ILookup<string, string> query, string name, string byDefault) =>
        query[name].FirstOrDefault()?.Trim() ?? byDefault;

    private static string Decode(string part) => Uri.UnescapeDataString(part.Replace('+', ' '));

    private static bool TryRead(string text, int least, int most, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value)
        && value >= least
        && value <= most;

    private sealed record Parameters(OtpHashMode Algorithm, int Digits, int Period);
}
