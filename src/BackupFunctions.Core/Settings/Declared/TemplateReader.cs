using BackupFunctions.Vendors;

namespace BackupFunctions.Settings.Declared;

/// <summary>Reads the fields of a declared vendor that may name values in braces.</summary>
/// <param name="values">The vendor's fields.</param>
/// <param name="declared">The values that it declares.</param>
internal sealed class TemplateReader(ProfileValues values, IReadOnlyDictionary<string, string> declared)
{
    /// <summary>A URL with values in braces; null if the field is not set.</summary>
    public string? Url(string name)
    {
        if (values.Text(name) is not { } template)
        {
            return null;
        }

        if (UrlTemplate.Check(template) is { } problem)
        {
            values.Find(
                name,
                problem,
                "Give an https URL, for example https://api.example.com or https://{Account}.example.com."
            );
        }

        FindUnknownValues(name, template);
        return template.TrimEnd('/');
    }

    /// <summary>A path with values in braces; null if the field is not set.</summary>
    public string? Path(string name)
    {
        if (values.Text(name) is not { } path)
        {
            return null;
        }

        if (!IsPath(path))
        {
            values.Find(
                name,
                "is not a path below the server's URL.",
                "Give one without a slash in front, for example oauth2/token."
            );
        }

        FindUnknownValues(name, path);
        return path;
    }

    /// <summary>A method and a path; null if the field is not set.</summary>
    public ApiCall? Call(string name)
    {
        if (values.Text(name) is not { } text)
        {
            return null;
        }

        var parts = text.Split(' ', 2);
        if (parts is not [("GET" or "POST" or "DELETE" or "HEAD") and var method, var path] || !IsPath(path))
        {
            values.Find(name, "is not a call.", "Give a method and a path, for example GET v1/customers.");
            return null;
        }

        FindUnknownValues(name, path);
        return new ApiCall(method, path);
    }

    /// <summary>Reports the values in braces that are not declared.</summary>
    public void FindUnknownValues(string name, string template)
    {
        foreach (var value in UrlTemplate.Names(template).Where(value => !declared.ContainsKey(value)))
        {
            values.Find(
                name,
                $"names the value {value}, which is not declared.",
                $"Add {values.Path}:Values:{value}, empty if each connection has to set it."
            );
        }
    }

    /// <summary>
    /// A path of unreserved characters (RFC 3986 section 2.3), slashes and values, that leads nowhere up.
    /// </summary>
    private static bool IsPath(string path) =>
        path[0] != '/'
        && path.All(character => char.IsAsciiLetterOrDigit(character) || "-._~/{}".Contains(character))
        && !path.Split('/').Any(segment => segment is "." or ".." or "");
}
