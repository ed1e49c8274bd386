using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace BackupFunctions.Credentials;

/// <summary>The certificates and private keys of a PEM text, in whatever order they come.</summary>
internal sealed class PemBlocks
{
    private readonly List<string> _certificates = [];
    private readonly List<string> _keys = [];
    private bool _hasEncryptedKey;

    private PemBlocks() { }

    /// <summary>Reads the blocks; text between them, and blocks of other kinds, do not matter.</summary>
    public static PemBlocks Read(string text)
    {
        // A text that went through JSON or an environment variable may have its line breaks written out.
        var rest = text.Replace("\\n", "\n", StringComparison.Ordinal)
            .Replace("\\r", "", StringComparison.Ordinal)
            .AsSpan();

        // Before RFC 7468, headers inside the block said that a key is encrypted; no PEM reader finds such a block.
        var blocks = new PemBlocks { _hasEncryptedKey = rest.Contains("ENCRYPTED", StringComparison.Ordinal) };
        while (PemEncoding.TryFind(rest, out var block))
        {
            blocks.Add(rest[block.Label].ToString(), rest[block.Location].ToString());
            rest = rest[block.Location.End..];
        }

        return blocks;
    }

    /// <summary>Every certificate that one of the keys belongs to.</summary>
    /// <param name="finding">Why there is none, as the rest of a sentence.</param>
    public List<X509Certificate2> WithKey(out string finding)
    {
        var found = new List<X509Certificate2>();
        foreach (var certificate in _certificates)
        {
            if (_keys.Select(key => TryJoin(certificate, key)).FirstOrDefault(joined => joined is not null) is { } one)
            {
                found.Add(one);
            }
        }

        finding = found.Count == 0 ? WhyNone() : "";
        return found;
    }

    private void Add(string label, string block)
    {
        if (label is "CERTIFICATE" or "X509 CERTIFICATE")
        {
            _certificates.Add(block.Replace("X509 CERTIFICATE", "CERTIFICATE", StringComparison.Ordinal));
        }
        else if (label is "PRIVATE KEY" or "RSA PRIVATE KEY" or "EC PRIVATE KEY")
        {
            _keys.Add(block);
        }
    }

    private static X509Certificate2? TryJoin(string certificate, string key)
    {
        try
        {
            return X509Certificate2.CreateFromPem(certificate, key);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            // The key of another certificate, or one of the two cannot be read.
            return null;
        }
    }

    private string WhyNone()
    {
        if (_certificates.Count == 0)
        {
            return "is PEM without a certificate";
        }

        if (_keys.Count == 0)
        {
            return _hasEncryptedKey
                ? "has a private key that is encrypted with a password, which this app does not know"
                : "is PEM without a private key";
        }

        return _keys.Any(IsReadable)
            ? "has a private key that belongs to none of its certificates"
            : "has a private key that cannot be read";
    }

    private static bool IsReadable(string key) => TryImport(RSA.Create(), key) || TryImport(ECDsa.Create(), key);

    private static bool TryImport(AsymmetricAlgorithm algorithm, string key)
    {
        using (algorithm)
        {
            try
            {
                algorithm.ImportFromPem(key);
                return true;
            }
            catch (Exception exception) when (exception is CryptographicException or ArgumentException)
            {
                return false;
            }
        }
    }
}
