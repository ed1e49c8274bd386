using Microsoft.OpenApi;

namespace BackupFunctions.OpenApi;

/// <summary>A document as text: the same on each machine.</summary>
internal static class DocumentText
{
    public static async Task<string> OfAsync(OpenApiDocument document, OpenApiSpecVersion version)
    {
        var text = await document.SerializeAsJsonAsync(version);
        return text.ReplaceLineEndings("\n") + "\n";
    }
}
