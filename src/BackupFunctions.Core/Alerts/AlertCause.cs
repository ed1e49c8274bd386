using BackupFunctions.Connections;
using BackupFunctions.Problems;
using BackupFunctions.Tokens;

namespace BackupFunctions.Alerts;

/// <summary>What connections that fail together have in common: operators are told of it once.</summary>
/// <param name="Vendor">The vendor.</param>
/// <param name="Kind">How the connections fail.</param>
internal readonly record struct AlertCause(string Vendor, FailureKind Kind)
{
    /// <summary>The cause that <see cref="ToString"/> wrote; null if the text is none.</summary>
    public static AlertCause? TryParse(string? text)
    {
        if (text?.Split('/') is not [{ Length: > 0 } vendor, var name])
        {
            return null;
        }

        foreach (var kind in Enum.GetValues<FailureKind>())
        {
            if (OutcomeName.Of(kind) == name)
            {
                return new AlertCause(vendor, kind);
            }
        }

        return null;
    }

    /// <summary>Whether the failure does not resolve itself.</summary>
    public bool NeedsOperator => new TokenFailure(Kind, "").NeedsOperator;

    /// <summary>The key of one of the vendor's connections.</summary>
    public ConnectionKey KeyOf(string connection) => new(Vendor, connection);

    /// <summary><c>vendor/kind</c>, for example <c>acronis/credentials-refused</c>.</summary>
    public override string ToString() => $"{Vendor}/{OutcomeName.Of(Kind)}";
}
