using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using BackupFunctions.Testing;

namespace BackupFunctions.LocalHost.Tests.Api;

/// <summary>How the connector of infra/connector signs in, and what is to be filled in before it can.</summary>
public sealed class ConnectorPropertiesTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly JsonSerializerOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
    private static readonly string Folder = Path.Combine(Repository.Root, "infra", "connector");
    private static readonly JsonNode Definition = Read(GeneratedFile.Connector);
    private static readonly JsonNode Properties = Read(Path.Combine(Folder, "apiProperties.json"))["properties"]!;

    private static JsonNode SignIn => Properties["connectionParameters"]!["token"]!["oAuthSettings"]!;

    [Fact]
    public async Task A_validator_accepts_the_properties_and_rejects_broken_ones()
    {
        var schema = Read(Path.Combine(NodePackages.Folder, "api-properties.schema.json"));
        var good = new JsonObject { ["properties"] = Properties.DeepClone() };
        var broken = good.DeepClone();
        broken["properties"]!["connectionParameters"]!["token"]!["oAuthSettings"]!["identityProvider"] = "add";

        var findings = await JsonFindings.OfValuesAsync(schema, ("#", good), ("#", broken));

        Assert.Empty(findings[0]);
        Assert.NotEmpty(findings[1]);
    }

    [Fact]
    public void A_connection_signs_in_with_Entra_ID_and_has_no_key()
    {
        var security = Assert.Single(Definition["securityDefinitions"]!.AsObject());

        Assert.Equal(("oauth2", "accessCode"), (Text(security.Value!["type"]), Text(security.Value["flow"])));
        Assert.DoesNotContain("key", Definition["securityDefinitions"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("token", Assert.Single(Properties["connectionParameters"]!.AsObject()).Key);
        Assert.Equal(
            SignIn["properties"]!["AzureActiveDirectoryResourceId"]!.GetValue<string>(),
            SignIn["customParameters"]!["resourceUri"]!["value"]!.GetValue<string>()
        );
    }

    [Fact]
    public void The_page_says_how_to_replace_every_placeholder()
    {
        var page = File.ReadAllText(Path.Combine(Folder, "README.md"));
        var files = File.ReadAllText(GeneratedFile.Connector) + Properties.ToJsonString(Plain);

        foreach (
            Match replacement in Regex.Matches(page, "s#(?<old>[^#]+)#[$](?<new>[a-z]+)#", RegexOptions.None, Patience)
        )
        {
            var (placeholder, variable) = (replacement.Groups["old"].Value, replacement.Groups["new"].Value);
            Assert.Contains(placeholder, files, StringComparison.Ordinal);
            Assert.Matches($"(?m)^ +{variable}=", page);
            files = files.Replace(placeholder, "", StringComparison.Ordinal);
        }

        Assert.DoesNotMatch("<[a-z ]+>|contoso", files);
    }

    [Fact]
    public void The_code_is_for_the_call_alone() =>
        Assert.Equal(
            [ConnectorCall.Id],
            Properties["scriptOperations"]!.AsArray().Select(operation => operation!.GetValue<string>())
        );

    private static JsonNode Read(string path) => JsonNode.Parse(File.ReadAllText(path))!;

    private static string Text(JsonNode? node) => node?.GetValue<string>() ?? "";
}
