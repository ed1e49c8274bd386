using System.Text.Json;
using System.Text.RegularExpressions;

namespace BackupFunctions.LocalHost.Tests.Deployment;

/// <summary>A deployment of <c>infra</c>, evaluated by the compiler without Azure.</summary>
internal sealed partial class AzureDeployment
{
    public const string ClientId = "11111111-2222-3333-4444-555555555555";

    /// <summary>When the deployments began: long before what tests record.</summary>
    public const string DeployedAt = "2026-01-01T00:00:00Z";

    public const string Tenant = "00000000-0000-0000-0000-000000000002";
    public const string Identity = "8a3f3c0e-52a5-4d2b-9d0a-5b1e0c6f2a11";

    /// <summary>The time limit of a pattern, in milliseconds.</summary>
    private const int Patience = 1000;

    private static readonly Lazy<Task<AzureDeployment>> OfPublic = new(() => OfAsync(("ALLOW_KEYS_ONLY", "true")));

    private static readonly Lazy<Task<AzureDeployment>> OfPrivate = new(() =>
        OfAsync(("ALLOW_KEYS_ONLY", "true"), ("PRIVATE_NETWORK", "true"))
    );

    private static readonly Lazy<Task<AzureDeployment>> OfEntra = new(() =>
        OfAsync(
            ("ENTRA_CLIENT_ID", ClientId),
            ("ALERT_EMAIL", "backup-team@contoso.com"),
            ("ALERT_WEBHOOK_SECRET_NAME", "alert-webhook-url")
        )
    );

    private static readonly Lazy<Task<AzureDeployment>> OfHundred = new(() =>
        OfAsync(HundredConnections.Parameters, ("ALLOW_KEYS_ONLY", "true"))
    );

    private AzureDeployment(IReadOnlyList<JsonElement> resources) => Resources = resources;

    /// <summary>Function keys alone, no private network, nobody who is told.</summary>
    public static Task<AzureDeployment> PublicAsync => OfPublic.Value;

    /// <summary>The same in a private network.</summary>
    public static Task<AzureDeployment> PrivateAsync => OfPrivate.Value;

    /// <summary>Callers sign in with Entra ID, and operators are told by email and webhook.</summary>
    public static Task<AzureDeployment> EntraAsync => OfEntra.Value;

    /// <summary>A hundred connections.</summary>
    public static Task<AzureDeployment> HundredAsync => OfHundred.Value;

    public IReadOnlyList<JsonElement> Resources { get; }

    public JsonElement App => Assert.Single(Of("Microsoft.Web/sites"));

    /// <summary>The app's settings, with what Azure would put in for the outputs of other resources.</summary>
    public IReadOnlyDictionary<string, string> AppSettings =>
        App.GetProperty("properties")
            .GetProperty("siteConfig")
            .GetProperty("appSettings")
            .EnumerateArray()
            .ToDictionary(
                setting => setting.GetProperty("name").GetString()!,
                setting => Reference().Replace(setting.GetProperty("value").GetString()!, Output),
                StringComparer.Ordinal
            );

    /// <summary>Every text in every resource, queries among them.</summary>
    public IEnumerable<string> Texts => Resources.SelectMany(TextsOf);

    public IEnumerable<JsonElement> Of(string type) =>
        Resources.Where(resource =>
            string.Equals(resource.GetProperty("type").GetString(), type, StringComparison.OrdinalIgnoreCase)
        );

    /// <summary>Why the deployment is refused.</summary>
    public static async Task<string> RefusalAsync(params (string Name, string Value)[] variables)
    {
        using var workshop = new Workshop();
        var (exitCode, output) = await SnapshotAsync(workshop, new Dictionary<string, object>(), variables);
        Assert.Equal(1, exitCode);
        return output;
    }

    /// <summary>A deployment with these variables.</summary>
    public static Task<AzureDeployment> OfAsync(params (string Name, string Value)[] variables) =>
        OfAsync(new Dictionary<string, object>(), variables);

    /// <summary>A deployment with these parameters and variables.</summary>
    public static async Task<AzureDeployment> OfAsync(
        IReadOnlyDictionary<string, object> parameters,
        params (string Name, string Value)[] variables
    )
    {
        using var workshop = new Workshop();
        var (exitCode, output) = await SnapshotAsync(workshop, parameters, variables);
        Assert.True(exitCode == 0 && output.Length == 0, output);
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(workshop.File("main.snapshot.json")));
        // Here the compiler says what it could not evaluate.
        Assert.Empty(document.RootElement.GetProperty("diagnostics").EnumerateArray());
        var resources = document.RootElement.GetProperty("predictedResources").EnumerateArray();
        return new AzureDeployment([.. resources.Select(resource => resource.Clone())]);
    }

    private static async Task<(int ExitCode, string Output)> SnapshotAsync(
        Workshop workshop,
        IReadOnlyDictionary<string, object> parameters,
        (string Name, string Value)[] variables
    )
    {
        var all = variables
            .Append(("AZURE_ENV_NAME", "contoso"))
            .Append(("AZURE_LOCATION", "westeurope"))
            .ToDictionary(variable => variable.Item1, variable => variable.Item2, StringComparer.Ordinal);
        var given = parameters
            .Append(KeyValuePair.Create<string, object>("deployedAt", DeployedAt))
            .ToDictionary(StringComparer.Ordinal);
        var file = workshop.Write("main.bicepparam", AzdParameters.Write(await Template.GetAsync(), all, given));
        return await BicepCompiler.RunAsync(
            "snapshot",
            file,
            "--mode",
            "overwrite",
            "--location",
            "westeurope",
            "--subscription-id",
            "00000000-0000-0000-0000-000000000001",
            "--tenant-id",
            Tenant
        );
    }

    private static IEnumerable<string> TextsOf(JsonElement one) =>
        one.ValueKind switch
        {
            JsonValueKind.Object => one.EnumerateObject().SelectMany(member => TextsOf(member.Value)),
            JsonValueKind.Array => one.EnumerateArray().SelectMany(TextsOf),
            JsonValueKind.String => [one.GetString()!],
            _ => [],
        };

    /// <summary>The output of another resource, which the compiler leaves as an expression.</summary>
    private static string Output(Match match)
    {
        var value = match.Groups["output"].Value switch
        {
            "vaultUri" => $"https://{match.Groups["name"].Value}.vault.azure.net/",
            "clientId" => Identity,
            var other => $"{other} of {match.Groups["name"].Value}",
        };
        return match.Groups["format"] is { Success: true } format
            ? format.Value.Replace("{0}", value, StringComparison.Ordinal)
            : value;
    }

    [GeneratedRegex(
        @"^\[(format\('(?<format>[^']*)', )?reference\('[^']*/(?<name>[^/']+)', '[^']+'\)\.(?<output>\w+)\)?\]$",
        RegexOptions.ExplicitCapture,
        Patience
    )]
    private static partial Regex Reference();
}
