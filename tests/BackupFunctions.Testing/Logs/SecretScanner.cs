using System.Runtime.InteropServices;
using System.Text;

namespace BackupFunctions.Testing;

/// <summary>
/// Finds any of many thousand secrets in one pass over a text: every form of a secret is indexed by its last few
/// characters (all tokens start alike), and a window of that width slides over the text.
/// </summary>
internal sealed class SecretScanner
{
    /// <summary>In characters; also the shortest secret that can be told apart from ordinary text.</summary>
    public const int Window = 8;

    private readonly Dictionary<string, List<(string Form, string Fingerprint)>> _byEnd = new(StringComparer.Ordinal);

    public SecretScanner(IEnumerable<KeyValuePair<string, string>> fingerprintsBySecret)
    {
        foreach (var (secret, fingerprint) in fingerprintsBySecret)
        {
            foreach (var form in SecretForms.Of(secret))
            {
                ref var filed = ref CollectionsMarshal.GetValueRefOrAddDefault(_byEnd, form[^Window..], out _);
                (filed ??= []).Add((form, fingerprint));
            }
        }
    }

    /// <summary>The positions of secrets in the text, ordered by their ends; they may overlap.</summary>
    public IEnumerable<(Range Range, string Fingerprint)> Find(string text)
    {
        for (var end = Window; end <= text.Length; end++)
        {
            if (!TryFile(text, end, out var filed))
                continue;
            foreach (var (form, fingerprint) in filed)
            {
                var start = end - form.Length;
                if (start >= 0 && text.AsSpan(start, form.Length).SequenceEqual(form))
                    yield return (start..end, fingerprint);
            }
        }
    }

    public string Mask(string text)
    {
        var secret = new bool[text.Length];
        foreach (var (range, _) in Find(text))
            secret.AsSpan(range).Fill(true);
        var masked = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (!secret[i])
                masked.Append(text[i]);
            else if (i == 0 || !secret[i - 1])
                masked.Append("[secret]");
        }

        return masked.ToString();
    }

    private bool TryFile(string text, int end, out List<(string Form, string Fingerprint)> filed) =>
        _byEnd.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text.AsSpan(end - Window, Window), out filed!);
}
