namespace BackupFunctions.Testing;

internal sealed class LeakSearch(IEnumerable<KeyValuePair<string, string>> fingerprintsBySecret)
{
    private const int Before = 300;
    private const int MaxShown = 1000;
    private readonly SecretScanner _scanner = new(fingerprintsBySecret);

    // The events of one scope share its text, so each text is searched once.
    private readonly HashSet<object> _clean = new(ReferenceEqualityComparer.Instance);

    public List<SecretLeak> In(IEnumerable<RecordedEvent> events) => [.. events.SelectMany(In)];

    private IEnumerable<SecretLeak> In(RecordedEvent recorded) =>
        recorded
            .Texts()
            .Where(part => !_clean.Contains(part.Text))
            .SelectMany(part =>
                In(part.Text)
                    .Select(leak => new SecretLeak(
                        recorded.Category,
                        recorded.Level,
                        recorded.EventId,
                        part.Place,
                        leak.Fingerprint,
                        leak.Masked
                    ))
            );

    private List<(string Fingerprint, string Masked)> In(string text)
    {
        var found = _scanner.Find(text).DistinctBy(match => match.Fingerprint).ToList();
        if (found.Count == 0)
            _clean.Add(text);
        return found.ConvertAll(match => (match.Fingerprint, Shown(text, match.Range.Start.Value)));
    }

    private string Shown(string text, int at)
    {
        var masked = _scanner.Mask(text);
        var maskedAt = _scanner.Mask(text[..at]).Length;
        var start = Math.Clamp(maskedAt - Before, 0, Math.Max(0, masked.Length - MaxShown));
        return masked.Substring(start, Math.Min(MaxShown, masked.Length - start));
    }
}
