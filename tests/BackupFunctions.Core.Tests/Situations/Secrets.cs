using BackupFunctions.Core.Tests.FaultMatrix;
using BackupFunctions.Core.Tests.Vendors;
using BackupFunctions.Testing;
using BackupFunctions.Vendors;

namespace BackupFunctions.Core.Tests.Situations;

/// <summary>Client secrets and pins with characters that nobody sees.</summary>
internal static class Secrets
{
    private const string Bom = "a byte order mark before a client secret";
    private const string Refused =
        "https://acronis.emulator.test/api/2/idp/token returned 401 invalid_client: the credentials were refused. "
        + "The secret acronis-default-client-secret contains ";

    public static IReadOnlyList<Situation> Rows { get; } =
    [
        Secret(Bom, "secret: a byte order mark before it", secret => $"\uFEFF{secret}", "200"),
        Secret($"sibling of {Bom}", "secret: a zero-width space at its end", secret => $"{secret}\u200B", "200"),
        Secret($"sibling of {Bom}", "secret: a no-break space at its end", secret => $"{secret}\u00A0", "200"),
        Secret(
            $"sibling of {Bom}",
            "secret: a soft hyphen and line ends at its end",
            secret => $"{secret}\u00AD\r\n\n",
            "200"
        ),
        Secret($"sibling of {Bom}", "secret: a line end before it", secret => $"\r\n{secret}", "200"),
        Secret(
            $"sibling of {Bom}",
            "secret: a zero-width space inside",
            secret => secret.Insert(5, "\u200B"),
            $"{Refused}a zero-width space (U+200B)."
        ),
        Secret(
            $"sibling of {Bom}",
            "secret: a soft hyphen inside",
            secret => secret.Insert(5, "\u00AD"),
            $"{Refused}a soft hyphen (U+00AD)."
        ),
        Secret(
            $"sibling of {Bom}",
            "secret: a space at its end",
            secret => $"{secret} ",
            $"{Refused}a space at its beginning or end."
        ),
        Secret(
            $"sibling of {Bom}",
            "secret: a line break inside",
            secret => secret.Insert(5, "\n"),
            $"{Refused}a line break or tab."
        ),
        Pin(
            "support.microsoft.com: the certificate dialog's thumbprint",
            "pin: a direction mark before it",
            "\u200E{0}"
        ),
        Pin($"sibling of {Bom}", "pin: a byte order mark before it and a line end behind", "\uFEFF{0}\r\n"),
        Pin($"sibling of {Bom}", "pin: a soft hyphen and a zero-width space inside", "{0}", split: "\u00AD\u200B"),
        Pin($"sibling of {Bom}", "pin: no-break spaces between the bytes", "{0}", split: "\u00A0"),
        Pin("certmgr.msc", "pin: spaces between the bytes", "{0}", split: " "),
        Pin("openssl-x509(1) -fingerprint", "pin: colons between the bytes", "{0}", split: ":"),
    ];

    private static Situation Secret(string source, string input, Func<string, string> spoil, string right) =>
        new(source, input, right, async () =>
        {
            const string Name = "acronis-default-client-secret";
            await using var world = new World("acronis");
            var secret = world.Vault.Secrets.Get(Name)!.Value;
            world.Vault.Secrets.Set(Name, SuiteLog.Guard(spoil(secret)));
            var answer = await world.GetTokenAsync();
            return answer.Status == 200
                ? "200"
                : answer.Json["detail"]!.GetValue<string>().Split(" Check them in the vault")[0];
        });

    private static Situation Pin(string source, string input, string format, string split = "") =>
        new(source, input, string.Concat(Enumerable.Repeat("AB", 32)), () =>
        {
            var digits = string.Join(split, Enumerable.Repeat("ab", 32));
            var connection = VendorBench.Read(
                VendorProfiles.Veeam,
                ("BaseUrl", "https://203.0.113.10"),
                ("Username", "svc"),
                ("ServerCertificateSha256", format.Replace("{0}", digits, StringComparison.Ordinal))
            );
            return Task.FromResult(connection.ServerCertificateSha256!);
        });
}
