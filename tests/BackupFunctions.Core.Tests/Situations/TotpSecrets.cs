using BackupFunctions.Clocks;
using BackupFunctions.Connections;
using BackupFunctions.Core.Tests.SignIn;
using BackupFunctions.SignIn;
using BackupFunctions.SignIn.Transport;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Time.Testing;

namespace BackupFunctions.Core.Tests.Situations;

/// <summary>TOTP secrets as people save them.</summary>
internal static class TotpSecrets
{
    private const string Report = "otphp#94";
    private const string Uri = "github.com/google/google-authenticator, Key Uri Format";
    private const string NotBase32 = "is not Base32 text (A to Z, 2 to 7)";
    private const string NotTotp =
        "is not an otpauth://totp/ URI: codes that count, and exports of several accounts, cannot be used";

    // RFC 6238 appendix B: the ASCII digits 1234567890, repeated to the length of each digest, in Base32.
    private const string Sha1Key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    private const string Sha256Key = Sha1Key + "GEZDGNBVGY3TQOJQGEZA";
    private const string Sha512Key = Sha1Key + Sha1Key + Sha1Key + "GEZDGNA";

    public static IReadOnlyList<Situation> Rows { get; } =
    [
        Row(Report, "TOTP: the secret A", "A", "is too short: it has fewer than 16 characters"),
        Row(
            $"sibling of {Report}",
            "TOTP: a secret cut off",
            "GEZDGNBV",
            "is too short: it has fewer than 16 characters"
        ),
        Row($"sibling of {Report}", "TOTP: nothing but padding", "======", "is empty"),
        Row("RFC 6238 appendix B", "TOTP: Base32", Sha1Key, "287082"),
        Row("RFC 4648 section 6", "TOTP: Base32 with padding", Sha1Key + "======", "287082"),
        Row(
            "sibling: as portals show it",
            "TOTP: in lower case and groups",
            "gezd gnbv gy3t qojq gezd gnbv gy3t qojq",
            "287082"
        ),
        Row("sibling of a byte order mark before a secret", "TOTP: a byte order mark", "\uFEFF" + Sha1Key, "287082"),
        Row(
            "sibling of a byte order mark before a secret",
            "TOTP: a zero-width space inside",
            Sha1Key.Insert(4, "\u200B"),
            "287082"
        ),
        Row(
            "sibling of a byte order mark before a secret",
            "TOTP: a no-break space and a line end",
            Sha1Key + "\u00A0\r\n",
            "287082"
        ),
        Row("sibling: misread digits", "TOTP: 0, 1 and 8 are no Base32", "GEZDGNBVGY3TQOJ018", NotBase32),
        Row(Uri, "otpauth: a secret alone", $"otpauth://totp/x?secret={Sha1Key}", "287082"),
        Row(
            Uri,
            "otpauth: label, issuer, 8 digits of SHA-1",
            $"otpauth://totp/A%20B:c@d?secret={Sha1Key}&issuer=A&digits=8",
            "94287082"
        ),
        Row(
            Uri,
            "otpauth: 8 digits of SHA-256",
            $"otpauth://totp/x?secret={Sha256Key}&algorithm=SHA256&digits=8",
            "46119246"
        ),
        Row(
            Uri,
            "otpauth: 8 digits of SHA-512",
            $"otpauth://totp/x?secret={Sha512Key}&algorithm=sha512&digits=8",
            "90693936"
        ),
        Row(
            "RFC 4226 appendix D, counter 1 at 59 s of 58",
            "otpauth: a period of 58 s",
            $"otpauth://totp/x?secret={Sha1Key}&period=58",
            "287082"
        ),
        Row(
            "RFC 4226 appendix D, counter 0 at 59 s of 60",
            "otpauth: a period of 60 s",
            $"otpauth://totp/x?secret={Sha1Key}&period=60",
            "755224"
        ),
        Row(
            Uri,
            "otpauth: the scheme in capitals, the secret in lower case and padded",
            $"OTPAUTH://TOTP/x?Secret={Sha1Key.ToLowerInvariant()}%3D%3D",
            "287082"
        ),
        Row(
            Uri,
            "otpauth: spaces in the secret",
            $"otpauth://totp/x?secret={Sha1Key.Insert(8, "%20").Insert(4, "+")}",
            "287082"
        ),
        Row(Uri, "otpauth: hotp", $"otpauth://hotp/x?secret={Sha1Key}&counter=1", NotTotp),
        Row(
            "sibling: an export of Google Authenticator",
            "otpauth: a migration",
            "otpauth-migration://offline?data=CjEKCkhlbGxv",
            NotTotp
        ),
        Row(Uri, "otpauth: no secret", "otpauth://totp/x?issuer=A", "is empty"),
        Row(
            Uri,
            "otpauth: two secrets",
            $"otpauth://totp/x?secret={Sha1Key}&secret={Sha256Key}",
            "is a URI with a parameter twice"
        ),
        Row(
            Uri,
            "otpauth: a secret that is too short",
            "otpauth://totp/x?secret=A",
            "is too short: it has fewer than 16 characters"
        ),
        Row(Uri, "otpauth: a secret that is no Base32", "otpauth://totp/x?secret=correct-horse-battery", NotBase32),
        Row(
            Uri,
            "otpauth: digits 0",
            $"otpauth://totp/x?secret={Sha1Key}&digits=0",
            "is a URI whose digits are not 6 to 8"
        ),
        Row(
            Uri,
            "otpauth: digits as a word",
            $"otpauth://totp/x?secret={Sha1Key}&digits=six",
            "is a URI whose digits are not 6 to 8"
        ),
        Row(
            Uri,
            "otpauth: period 0",
            $"otpauth://totp/x?secret={Sha1Key}&period=0",
            "is a URI whose period is not 1 to 120 seconds"
        ),
        Row(
            Uri,
            "otpauth: a negative period",
            $"otpauth://totp/x?secret={Sha1Key}&period=-30",
            "is a URI whose period is not 1 to 120 seconds"
        ),
        Row(
            Uri,
            "otpauth: an unknown algorithm",
            $"otpauth://totp/x?secret={Sha1Key}&algorithm=MD5",
            "is a URI whose algorithm is none of SHA1, SHA256 and SHA512"
        ),
    ];

    private static Situation Row(string source, string input, string secret, string right) =>
        new(source, input, right, () => TryAsync(secret));

    /// <summary>The code at 59 s after the epoch, as RFC 6238 appendix B has it; otherwise what is wrong.</summary>
    private static async Task<string> TryAsync(string secret)
    {
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(59));
        var codes = new OneTimeCodes(new VendorClocks(new HostClock(time)), time);
        var next = () =>
            codes.NextAsync(
                new ConnectionKey("veeam", "default"),
                new System.Uri("https://203.0.113.10"),
                new SecretText(secret.Length < 16 ? secret : SuiteLog.Guard(secret)),
                usedElsewhere: null,
                CancellationToken.None
            );
        try
        {
            return (await next()).Code;
        }
        catch (TokenException)
        {
            var failure = await Bench.FailureAsync(next);
            Assert.Equal(FailureKind.CredentialMissing, failure.Kind);
            Assert.NotNull(failure.Remedy);
            return failure.Problem["The TOTP secret of veeam/default ".Length..].TrimEnd('.');
        }
    }
}
