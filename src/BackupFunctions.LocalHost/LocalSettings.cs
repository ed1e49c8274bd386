using System.Text.Json;

namespace BackupFunctions.LocalHost;

/// <summary>What the person at this machine has set: environment variables, and before them a file in the form of local.settings.json.</summary>
internal static class LocalSettings
{
    /// <summary>Reads both; the names of environment variables go before those of the file.</summary>
    /// <exception cref="StartRefusedException">The file is not there, or is not of that form.</exception>
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
            using var document = JsonDocument.Parse(
                File.ReadAllText(file.FullName),
                new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }
            );
            var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
            foreach (var value in document.RootElement.GetProperty("Values").EnumerateObject())
            {
                values[value.Name.Replace("__", ":", StringComparison.Ordinal)] = value.Value.ValueKind switch
                {
                    JsonValueKind.String => value.Value.GetString(),
                    JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.Value.GetRawText(),
                    _ => throw Refused(file, $"has a value at Values:{value.Name} that is no text"),
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
                "is not of the form { \"Values\": { \"Connections__Acronis__default__ClientId\": \"…\" } }",
                exception
            );
        }
    }

    private static StartRefusedException Refused(FileInfo file, string what, Exception? exception = null) =>
        new([$"--settings {file.FullName} {what}. local.settings.sample.json is an example."], exception);
}
