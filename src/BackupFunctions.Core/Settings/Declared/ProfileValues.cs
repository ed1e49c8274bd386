using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Settings.Declared;

/// <summary>Reads the fields of one declared vendor and collects what is wrong with them.</summary>
/// <param name="section"><c>Vendors:{name}</c>.</param>
/// <param name="findings">Receives what is wrong, each with its key and a remedy.</param>
internal sealed class ProfileValues(IConfigurationSection section, ICollection<SettingFinding> findings)
{
    private const int LongestText = 200;
    private readonly SortedSet<string> _known = new(StringComparer.OrdinalIgnoreCase);
    private readonly int _before = findings.Count;

    /// <summary>The section's path, <c>Vendors:{name}</c>.</summary>
    public string Path => section.Path;

    /// <summary>Whether anything was found wrong so far.</summary>
    public bool HasFindings => findings.Count > _before;

    /// <summary>The value; null if it is not set or blank.</summary>
    public string? Text(string name)
    {
        _known.Add(name);
        if (section[name]?.Trim() is not { Length: > 0 } text)
        {
            return null;
        }

        if (text.Length <= LongestText && !text.Any(char.IsControl))
        {
            return text;
        }

        Find(name, "is not a valid text.", $"Give at most {LongestText} characters in one line.");
        return null;
    }

    /// <summary>One of a few words; a finding for any other.</summary>
    public T Choice<T>(string name, T byDefault)
        where T : struct, Enum
    {
        var text = Text(name);
        if (text is null)
        {
            return byDefault;
        }

        var names = Enum.GetNames<T>();
        if (names.FirstOrDefault(known => known.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } chosen)
        {
            return Enum.Parse<T>(chosen);
        }

        Find(name, "is not one of the words that are possible here.", $"Give one of {string.Join(", ", names)}.");
        return byDefault;
    }

    /// <summary>The fields of a subsection, such as <c>Headers</c>, by their names.</summary>
    public IReadOnlyDictionary<string, string> Fields(string name)
    {
        _known.Add(name);
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in section.GetSection(name).GetChildren())
        {
            if (field.Value is { } value && value.Length <= LongestText && !value.Any(char.IsControl))
            {
                fields[field.Key] = value.Trim();
            }
            else
            {
                Find(
                    $"{name}:{field.Key}",
                    "is not a valid text.",
                    $"Give at most {LongestText} characters in one line."
                );
            }
        }

        if (section[name] is { Length: > 0 })
        {
            Find(name, "has a value of its own.", $"Give its fields, for example {section.Path}:{name}:x.");
        }

        return fields;
    }

    /// <summary>Reports a field.</summary>
    public void Find(string name, string problem, string remedy) =>
        findings.Add($"{section.Path}:{name}", problem, remedy);

    /// <summary>Reports every field that is unknown.</summary>
    public void FindUnknown()
    {
        foreach (var child in section.GetChildren().Where(child => !_known.Contains(child.Key)))
        {
            Find(child.Key, "is not a field of a vendor.", $"The fields are {string.Join(", ", _known)}.");
        }
    }
}
