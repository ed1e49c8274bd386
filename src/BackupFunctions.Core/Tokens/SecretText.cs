using System.Diagnostics;

namespace BackupFunctions.Tokens;

/// <summary>
/// A text that must not be seen: it prints as <c>[redacted]</c>, and only <see cref="Reveal"/> gives it away.
/// </summary>
[DebuggerDisplay("[redacted]")]
public sealed class SecretText
{
    private readonly string _text;

    /// <summary>Wraps a secret.</summary>
    /// <param name="text">The secret itself.</param>
    public SecretText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        _text = text;
    }

    /// <summary>The secret itself, for the one place that puts it on the wire.</summary>
    public string Reveal() => _text;

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";
}
