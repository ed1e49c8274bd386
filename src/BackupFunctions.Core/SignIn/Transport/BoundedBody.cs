namespace BackupFunctions.SignIn.Transport;

/// <summary>
/// Bounds what a server may reply. The body is read at once, so that the time limit of the request covers it, and cut
/// at a length: one that never ends, or drips, holds nothing up.
/// </summary>
internal static class BoundedBody
{
    /// <summary>Replaces the body of a response by its bytes.</summary>
    /// <param name="response">The response, read as far as its headers.</param>
    /// <param name="longest">Where the body is cut, in bytes.</param>
    /// <param name="cancellationToken">The time limit of the request.</param>
    public static async Task CutAsync(HttpResponseMessage response, int longest, CancellationToken cancellationToken)
    {
        var content = response.Content;
        var body = new MemoryStream();
        await using (var stream = await content.ReadAsStreamAsync(cancellationToken))
        {
            var buffer = new byte[16 * 1024];
            while (body.Length < longest)
            {
                var room = (int)Math.Min(buffer.Length, longest - body.Length);
                var read = await stream.ReadAsync(buffer.AsMemory(0, room), cancellationToken);
                if (read == 0)
                {
                    break;
                }

                body.Write(buffer, 0, read);
            }
        }

        // Only the bytes are kept: a server's charset or encoding header does not decide how JSON is read (RFC 8259
        // section 8.1).
        response.Content = new ByteArrayContent(body.ToArray());
        content.Dispose();
    }
}
