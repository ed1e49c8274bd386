using Microsoft.Extensions.Logging;

namespace BackupFunctions.Testing;

/// <summary>A secret found in a log event.</summary>
/// <param name="Category">The event's category.</param>
/// <param name="Level">The event's level.</param>
/// <param name="EventId">The event's number.</param>
/// <param name="Place">The part of the event: message, value and its name, scope, exception.</param>
/// <param name="Fingerprint">The first 16 hex digits of the secret's SHA-256.</param>
/// <param name="Masked">The text around it, every known secret masked.</param>
public sealed record SecretLeak(
    string Category,
    LogLevel Level,
    EventId EventId,
    string Place,
    string Fingerprint,
    string Masked
)
{
    public override string ToString() => $"{Category} {EventId.Id} ({Level}), {Place}, secret {Fingerprint}: {Masked}";
}
