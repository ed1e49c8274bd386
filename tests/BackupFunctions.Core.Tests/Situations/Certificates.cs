using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Core.Tests.SignIn;
using BackupFunctions.Credentials;
using BackupFunctions.KeyVault;
using BackupFunctions.Testing;

namespace BackupFunctions.Core.Tests.Situations;

/// <summary>Certificates as people save them in a vault.</summary>
internal static class Certificates
{
    private const string Order = "keyvault-acmebot#458";

    // Keys take long to make.
    private static readonly Lazy<CertificateChain> Lazy = new(() => new CertificateChain());

    public static IReadOnlyList<Situation> Rows { get; } =
    [
        Row(Order, "PEM: key, root, intermediate, leaf", "leaf", all => all.Key + all.Root + all.Issuer + all.Leaf),
        Row($"sibling of {Order}", "PEM: leaf, chain, key last", "leaf", all => all.Leaf + all.Issuer + all.Key),
        Row($"sibling of {Order}", "PEM: chain, key, leaf last", "leaf", all => all.Issuer + all.Key + all.Leaf),
        Row($"sibling of {Order}", "PEM: another leaf, then the key's own", "leaf", all =>
            all.Other + all.Leaf + all.Key
        ),
        Row($"sibling of {Order}", "PEM: keys of two leaves, the later expiring", "other", all =>
            all.Key + all.OtherKey + all.Leaf + all.Other
        ),
        Row($"sibling of {Order}", "PEM: the same key in an expired and a valid certificate", "leaf", all =>
            all.Key + all.Expired + all.Leaf
        ),
        Row($"sibling of {Order}", "PEM: a chain without a key", "is PEM without a private key", all =>
            all.Root + all.Issuer + all.Leaf
        ),
        Row($"sibling of {Order}", "PEM: a key without a certificate", "is PEM without a certificate", all => all.Key),
        Row(
            $"sibling of {Order}",
            "PEM: the key of another certificate",
            "has a private key that belongs to none of its certificates",
            all => all.OtherKey + all.Issuer + all.Leaf
        ),
        Row(
            "RFC 5958 section 3",
            "PEM: a key encrypted in PKCS #8",
            "has a private key that is encrypted with a password, which this app does not know",
            all => all.EncryptedKey + all.Leaf
        ),
        Row(
            "RFC 1421 section 4.6.1.1, as OpenSSL still writes it",
            "PEM: a key encrypted with headers",
            "has a private key that is encrypted with a password, which this app does not know",
            all =>
                all.Leaf
                + "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n"
                + "-----END RSA PRIVATE KEY-----\n"
        ),
        Row("RFC 8017 appendix A.1.2", "PEM: a key in PKCS #1", "leaf", all => all.Leaf + all.Pkcs1Key),
        Row(
            "RFC 7518 section 3.3",
            "PEM: an EC key with its certificate",
            "has a private key that is not an RSA one, which RS256 needs",
            all => all.EcKey + all.Issuer
        ),
        Row(
            "RFC 5915",
            "PEM: an EC key beside an RSA certificate",
            "has a private key that belongs to none of its certificates",
            all => all.EcKey + all.Leaf
        ),
        Row("openssl-pkcs12(1)", "PEM: bag attributes before each block", "leaf", all =>
            string.Concat(
                new[] { all.Key, all.Issuer, all.Leaf }.Select(block =>
                    $"Bag Attributes\n    localKeyID: 01 00 00 00\n    friendlyName: le-\nsubject=CN = x\n{block}"
                )
            )
        ),
        Row("RFC 7468 section 3", "PEM: CRLF at every line end", "leaf", all =>
            (all.Key + all.Issuer + all.Leaf).Replace("\n", "\r\n", StringComparison.Ordinal)
        ),
        Row("sibling: a single-line input field", "PEM: spaces in place of line breaks", "leaf", all =>
            (all.Key + all.Issuer + all.Leaf).Replace('\n', ' ')
        ),
        Row("sibling: PEM taken out of JSON", @"PEM: line breaks written as \n", "leaf", all =>
            (all.Key + all.Issuer + all.Leaf).Replace("\n", @"\n", StringComparison.Ordinal)
        ),
        Row(
            "sibling of a byte order mark before a PEM",
            "PEM: a byte order mark before each file joined",
            "leaf",
            all => $"\uFEFF{all.Key}\uFEFF{all.Issuer}\uFEFF{all.Leaf}"
        ),
        Row("sibling of a byte order mark before a PEM", "PEM: indented with no-break spaces", "leaf", all =>
            "\u00A0" + (all.Key + all.Leaf).Replace("\n", "\n\u00A0", StringComparison.Ordinal)
        ),
        Row("sibling of a byte order mark before a PEM", "PKCS #12: a byte order mark before the base64", "leaf", all =>
            "\uFEFF" + CertificateChain.Pkcs12(all.LeafWithKey, all.IssuerOnly)
        ),
        Row(Order, "PKCS #12: root, intermediate, leaf with its key", "leaf", all =>
            CertificateChain.Pkcs12(all.RootOnly, all.IssuerOnly, all.LeafWithKey)
        ),
        Row($"sibling of {Order}", "PKCS #12: two leaves with their keys, the later expiring", "other", all =>
            CertificateChain.Pkcs12(all.LeafWithKey, all.OtherWithKey)
        ),
        Row($"sibling of {Order}", "PKCS #12: an EC and an RSA certificate with their keys", "leaf", all =>
            CertificateChain.Pkcs12(all.IssuerWithKey, all.LeafWithKey)
        ),
        Row($"sibling of {Order}", "PKCS #12: certificates without a key", "has no private key", all =>
            CertificateChain.Pkcs12(all.RootOnly, all.IssuerOnly)
        ),
        Row(
            "RFC 7292 section 5.1",
            "PKCS #12: protected by a password",
            "is PKCS #12 with a password, which this app does not know",
            all => Convert.ToBase64String(all.LeafWithKey.Export(X509ContentType.Pkcs12, "a password"))
        ),
        Row("sibling: a .cer file in base64", "DER: a certificate alone", "has no private key", all =>
            Convert.ToBase64String(all.LeafWithKey.RawData)
        ),
    ];

    private static Situation Row(string source, string input, string right, Func<CertificateChain, string> text) =>
        new(source, input, right, () => TryAsync(text(Lazy.Value)));

    /// <summary>Which certificate signs in, or what is wrong with the text.</summary>
    private static async Task<string> TryAsync(string text)
    {
        var time = new TestTime();
        var vault = new EmulatedVault(time);
        vault.Add("the-name", SuiteLog.Guard(text));
        var credentials = new KeyVaultCredentials(vault.Client(), time);
        var read = async () =>
            await credentials.FindAsync(
                new CredentialName("the-name", IsCertificate: true),
                newest: true,
                CancellationToken.None
            );
        try
        {
            var certificate = (await read())!.Certificate!;
            using var key = certificate.GetRSAPrivateKey();
            Assert.NotEmpty(key!.SignData([1], HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
            return Lazy.Value.NameOf(certificate);
        }
        catch (BackupFunctions.Tokens.TokenException)
        {
            var failure = await Bench.FailureAsync(read);
            Assert.Contains("no password", failure.Remedy, StringComparison.Ordinal);
            return failure.Problem["The certificate the-name ".Length..].TrimEnd('.');
        }
    }
}
