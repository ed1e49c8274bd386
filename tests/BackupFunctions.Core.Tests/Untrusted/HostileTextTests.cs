using System.Text.Json.Nodes;
using BackupFunctions.Core.Tests.FaultMatrix;
using BackupFunctions.Emulators;
using BackupFunctions.Testing;

namespace BackupFunctions.Core.Tests.Untrusted;

/// <summary>What a vendor writes into its reply gets into no header, no tag, no log and no message of ours.</summary>
[Collection(nameof(Alone))]
public sealed class HostileTextTests
{
    private const string Mark = "planted-by-the-vendor";
    private const string Line = "\r\n2026-11-22 12:00:00 [ERR] " + Mark;

    private static readonly string[] Vendors = ["acronis", "acronis-cyberapp", "avepoint", "backupnet", "veeam"];

    private static readonly (string Where, string Expected)[] Cases =
    [
        ("access_token: line", "503 vendor-reply-unusable"),
        ("access_token: space", "503 vendor-reply-unusable"),
        ("access_token: NUL", "503 vendor-reply-unusable"),
        ("access_token: DEL", "503 vendor-reply-unusable"),
        ("access_token: non-ASCII", "503 vendor-reply-unusable"),
        ("token_type: line", "503 vendor-reply-unusable"),
        (".expires: line", "200"),
        ("expires_in: line", "200"),
        ("scope: line", "200"),
        ("unknown: line", "200"),
        ("error 200: line", "503 vendor-reply-unusable"),
        ("error 400: line", "424 credentials-refused"),
        ("error 503: line", "503 vendor-unavailable"),
    ];

    public static TheoryData<string, string, string> Rows { get; } =
    [.. from vendor in Vendors from one in Cases select (vendor, one.Where, one.Expected)];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task What_a_vendor_plants_in_a_reply_shows_nowhere(string vendor, string where, string expected)
    {
        await using var world = new World(vendor);
        world.Vendor.Faults.Add(Endpoints.Token, Planted(where));
        var logged = SuiteLog.Recorder.Events.Count;

        var answer = await world.GetTokenAsync();

        Assert.Equal(expected, answer.Status == 200 ? "200" : $"{answer.Status} {answer.ProblemType}");
        Assert.DoesNotContain(Mark, answer.Body, StringComparison.Ordinal);
        Assert.All(answer.Headers, header =>
            Assert.DoesNotContain(Mark, header.Value.ToString(), StringComparison.Ordinal)
        );
        Assert.All(SuiteLog.Recorder.Events.Skip(logged), one =>
            Assert.DoesNotContain(Mark, $"{one}{string.Concat(one.Values)}", StringComparison.Ordinal)
        );
        foreach (var secret in world.Vault.Secrets.Names.Select(name => world.Vault.Secrets.Get(name)!))
        {
            Assert.DoesNotContain(Mark, secret.Value + string.Concat(secret.Tags), StringComparison.Ordinal);
        }
    }

    /// <summary>
    /// RFC 6749 appendix A.12 allows more than RFC 6750 section 2.1; none of it ends a header or a JSON text.
    /// </summary>
    [Theory]
    [InlineData("acronis")]
    [InlineData("veeam")]
    public async Task Any_visible_ascii_is_a_token_and_is_handed_out_as_it_came(string vendor)
    {
        var token = string.Concat(Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code));
        await using var world = new World(vendor);
        world.Vendor.Faults.Add(Endpoints.Token, Fault.EditReply(json => Replace(json, "access_token", token)));

        var answer = await world.GetTokenAsync();

        Assert.Equal(token, (string?)answer.Json["access_token"]);
        Assert.Equal("Bearer " + token, (string?)answer.Json["authorization"]);
        Assert.Equal(token, world.StoredAccessToken);
    }

    private static Fault Planted(string where)
    {
        var (name, what) = where.Split(": ") is [var before, var after] ? (before, after) : (where, "");
        if (name.StartsWith("error", StringComparison.Ordinal))
        {
            var body = new JsonObject
            {
                ["error"] = "denied" + Line,
                ["error_description"] = Line,
                ["title"] = Line,
                ["detail"] = Line,
            };
            return Fault.Status(
                int.Parse(name.AsSpan("error ".Length), System.Globalization.CultureInfo.InvariantCulture),
                body.ToJsonString(),
                "application/json"
            );
        }

        var text = what switch
        {
            "space" => $"one {Mark}",
            "NUL" => $"one\0{Mark}",
            "DEL" => $"one\u007f{Mark}",
            "non-ASCII" => $"één-{Mark}",
            _ => "one" + Line,
        };
        return Fault.EditReply(json => Replace(json, name, text));
    }

    /// <summary>Only a reply with a token is changed: Veeam's first step has none yet.</summary>
    private static void Replace(JsonObject json, string name, string text)
    {
        if (json.ContainsKey("access_token"))
            json[name] = text;
    }
}
