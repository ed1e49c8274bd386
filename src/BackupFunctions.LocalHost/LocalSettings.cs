using System.Text.Json;

namespace BackupFunctions.LocalHost;

/// <summary>
/// The user's settings: environment variables, which override a file in the form of local.settings.json. Next to
/// <c>Values</c>, or instead, the file may have <c>Vendors</c>: declared vendors, each a JSON object.
/// </summary>
internal static class LocalSettings
{
    private const string VendorsName = "Vendors";

    private static readonly JsonDocumentOptions Json = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <summary>Reads both.</summary>
    /// <exception cref="StartRefusedException">The file cannot be read, or does not have that form.</exception>
    public static IConfigurationRoot Read(FileInfo? file)
    {
        var builder = new ConfigurationBuilder();
        if (file is not null)
        {
            builder.AddInMemoryCollection(ReadFile(file));
        }

        return builder.AddEnvironmentVariables().Build();
    }

    private static Dictionary<string, string?> ReadFile(FileInfo file)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(file.FullName), Json);
            if (IsEncrypted(document.RootElement))
            {
                throw Refused(
                    file,
                    "is encrypted (\"IsEncrypted\": true), and only the Functions tools can read it. "
                        + "Run 'func settings decrypt' in its folder, or give a file with plain values"
                );
            }

            var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
            var root = document.RootElement;
            var hasVendors = root.TryGetProperty(VendorsName, out var vendors);
            foreach (var vendor in hasVendors ? vendors.EnumerateObject() : default)
            {
                values[$"{VendorsName}{ConfigurationPath.KeyDelimiter}{vendor.Name}"] = vendor.Value.GetRawText();
            }

            if (hasVendors && !root.TryGetProperty("Values", out _))
            {
                return values;
            }

            foreach (var value in root.GetProperty("Values").EnumerateObject())
            {
                values[value.Name.Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal)] = value
                    .Value
                    .ValueKind switch
                {
                    JsonValueKind.String => value.Value.GetString(),
                    JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.Value.GetRawText(),
                    _ => throw Refused(file, $"has a value at Values:{value.Name} that is not a string"),
                };
            }

            return values;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Refused(file, "cannot be read", exception);
        }
        catch (Exception exception)
            when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw Refused(
                file,
                "does not have the form { \"Values\": { \"Connections__Acronis__default__ClientId\": \"…\" } }",
                exception
            );
        }
    }

    private static bool IsEncrypted(JsonElement root) =>
        root.TryGetProperty("IsEncrypted", out var value)
        && value.ToString().Equals("true", StringComparison.OrdinalIgnoreCase);

    private static StartRefusedException Refused(FileInfo file, string problem, Exception? exception = null) =>
        new([$"--settings {file.FullName} {problem}. See local.settings.sample.json for an example."], exception);
}
