namespace BackupFunctions.Emulators;

/// <summary>The form of a token request.</summary>
internal sealed class TokenForm
{
    private readonly IFormCollection _fields;

    private TokenForm(IFormCollection fields) => _fields = fields;

    /// <summary>
    /// A field's value; null if it is absent or empty (RFC 6749 section 3.2: empty is as if omitted).
    /// </summary>
    public string? this[string field] => _fields[field].ToString() is { Length: > 0 } value ? value : null;

    /// <summary>
    /// Null if the request has no readable form, or repeats a field, which RFC 6749 section 3.2 forbids.
    /// </summary>
    public static async Task<TokenForm?> ReadAsync(HttpRequest request)
    {
        if (!request.HasFormContentType)
            return null;

        try
        {
            var fields = await request.ReadFormAsync(request.HttpContext.RequestAborted);
            return fields.Any(static field => field.Value.Count > 1) ? null : new TokenForm(fields);
        }
        catch (InvalidDataException)
        {
            // Too many fields, or too long ones.
            return null;
        }
    }
}
