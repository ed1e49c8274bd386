using System.Globalization;
using BackupFunctions.Vendors;
using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Settings.Declared;

/// <summary>Reads one declared vendor into a profile, as strictly as ours are checked by tests.</summary>
internal sealed class ProfileReader
{
    /// <summary>The names that a connection's settings have already.</summary>
    private static readonly string[] ReservedValues =
    [
        "ApiUrl",
        "BaseUrl",
        "CertificateName",
        "ClientId",
        "ClientSecretName",
        "KeySecretName",
        "PasswordSecretName",
        "RefreshBefore",
        "Scope",
        "ServerCertificateSha256",
        "TokenSecretName",
        "TotpSecretName",
        "Username",
    ];

    private static readonly string[] ReplyNames =
    [
        nameof(ReplyFields.AccessToken),
        nameof(ReplyFields.ExpiresIn),
        nameof(ReplyFields.ExpiresOn),
        nameof(ReplyFields.Error),
    ];

    private readonly IConfigurationSection _section;
    private readonly ProfileValues _values;

    private ProfileReader(IConfigurationSection section, ICollection<SettingFinding> findings)
    {
        _section = section;
        _values = new ProfileValues(section, findings);
    }

    /// <summary>Reads a vendor.</summary>
    /// <param name="section"><c>Vendors:{name}</c>.</param>
    /// <param name="findings">Receives what is wrong.</param>
    /// <returns>Null if anything is wrong.</returns>
    public static VendorProfile? Read(IConfigurationSection section, ICollection<SettingFinding> findings)
    {
        var reader = new ProfileReader(section, findings);
        var profile = reader.Read();
        reader._values.FindUnknown();
        return reader._values.HasFindings ? null : profile;
    }

    private VendorProfile Read()
    {
        var name = _section.Key.ToLowerInvariant();
        var values = _values.Fields("Values");
        var templates = new TemplateReader(_values, values);
        return new VendorProfile
        {
            Name = name,
            SettingsName = _section.Key,
            DisplayName = _values.Text("DisplayName") ?? _section.Key,
            Server = ReadServer(templates),
            TokenPath = templates.Path("TokenPath"),
            Api = ReadApi(templates),
            Values = [.. values.Select(value => ReadValue(value.Key, value.Value))],
            Headers = ReadHeaders(templates),
            Reply = ReadReply(),
            RejectedStatuses = ReadStatuses(),
            LifetimeWithoutEvidence = ReadLifetime(),
            EndSession = templates.Call("EndSession"),
            HarmlessCall = templates.Call("HarmlessCall"),
            CanPinCertificate = true,
            Flow = ReadFlow(),
        };
    }

    private static UrlSetting ReadServer(TemplateReader templates) =>
        new("BaseUrl", "the URL of the vendor's server, for example https://login.example.com")
        {
            Template = templates.Url("Server"),
        };

    private static UrlSetting? ReadApi(TemplateReader templates) =>
        templates.Url("Api") is { } template
            ? new UrlSetting("ApiUrl", "the URL of the vendor's API, for example https://api.example.com")
            {
                Template = template,
            }
            : null;

    private ValueSetting ReadValue(string name, string byDefault)
    {
        if (
            UrlTemplate.Names($"{{{name}}}").Count == 0
            || ReservedValues.Contains(name, StringComparer.OrdinalIgnoreCase)
        )
        {
            _values.Find(
                $"Values:{name}",
                "is not a valid name of a value.",
                "Give up to 40 letters and digits, and not the name of a connection's other settings."
            );
        }

        return new ValueSetting(name, $"the value {name}") { Default = byDefault.Length == 0 ? null : byDefault };
    }

    private IReadOnlyDictionary<string, string> ReadHeaders(TemplateReader templates)
    {
        var headers = _values.Fields("Headers");
        foreach (var (name, value) in headers)
        {
            templates.FindUnknownValues($"Headers:{name}", value);
            if (!HttpHeader.IsName(name) || IsOfSignIn(name) || !HttpHeader.IsValue(value))
            {
                _values.Find(
                    $"Headers:{name}",
                    "is not a header that a vendor can ask for.",
                    "Give a header of the vendor's own, for example x-api-version, in printable ASCII."
                );
            }
        }

        return headers;
    }

    private static bool IsOfSignIn(string header) => header.Equals("Authorization", StringComparison.OrdinalIgnoreCase);

    private ReplyFields ReadReply()
    {
        var fields = _values.Fields("Reply");
        var known = new ReplyFields();
        foreach (var name in fields.Keys.Where(name => !ReplyNames.Contains(name, StringComparer.Ordinal)))
        {
            _values.Find(
                $"Reply:{name}",
                "is not a field of a reply.",
                $"The fields are {string.Join(", ", ReplyNames)}."
            );
        }

        return new ReplyFields
        {
            AccessToken = fields.GetValueOrDefault(nameof(known.AccessToken), known.AccessToken),
            ExpiresIn = fields.GetValueOrDefault(nameof(known.ExpiresIn), known.ExpiresIn),
            ExpiresOn = fields.GetValueOrDefault(nameof(known.ExpiresOn), known.ExpiresOn),
            Error = fields.GetValueOrDefault(nameof(known.Error), known.Error),
        };
    }

    private IReadOnlyList<int> ReadStatuses()
    {
        var statuses = (_values.Text("RejectedStatuses") ?? "401")
            .Split(',', StringSplitOptions.TrimEntries)
            .Select(text => SettingsReader.Whole(text, 400, 499))
            .ToList();
        if (statuses.Contains(null))
        {
            _values.Find(
                "RejectedStatuses",
                "is not a list of statuses.",
                "Give those from 400 to 499 with which the API refuses a token, for example 401,403."
            );
        }

        return [.. statuses.OfType<int>()];
    }

    private TimeSpan ReadLifetime()
    {
        const int Most = 86_400;
        var text = _values.Text("LifetimeWithoutEvidence") ?? "300";
        var seconds = SettingsReader.Whole(text, 30, Most);
        if (seconds is null)
        {
            _values.Find(
                "LifetimeWithoutEvidence",
                "is not a valid lifetime.",
                string.Create(CultureInfo.InvariantCulture, $"Give whole seconds from 30 to {Most}.")
            );
        }

        return TimeSpan.FromSeconds(seconds ?? 300);
    }

    private SignInFlow ReadFlow() => new FlowReader(_values).Read();
}
