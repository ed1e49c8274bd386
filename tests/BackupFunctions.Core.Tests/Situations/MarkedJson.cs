using System.Text;
using BackupFunctions.Settings;
using BackupFunctions.Storage;
using BackupFunctions.Testing;
using BackupFunctions.Web;
using Microsoft.AspNetCore.Http;

namespace BackupFunctions.Core.Tests.Situations;

/// <summary>JSON after a byte order mark, wherever others write it: Windows editors and PowerShell 5 add one.</summary>
internal static class MarkedJson
{
    private const string Source = "RFC 8259 section 8.1: readers may ignore it";

    public static IReadOnlyList<Situation> Rows { get; } =
    [
        new(Source, "JSON: a byte order mark before a secret that defines a connection", "acronis/contoso", () =>
            Task.FromResult(Definition("\uFEFF{0}"))
        ),
        new(
            $"sibling: {Source}",
            "JSON: two byte order marks before it",
            "The secret is not JSON that defines a connection (line 1, byte 1).",
            () => Task.FromResult(Definition("\uFEFF\uFEFF{0}"))
        ),
        new($"sibling: {Source}", "JSON: a byte order mark before a record of the ledger", "2 failures in a row", () =>
        {
            byte[] marked = [0xEF, 0xBB, 0xBF, .. """{"failuresInRow":2,"refusals":[],"rejected":[]}"""u8];
            return Task.FromResult(
                $"{StoredEntry.Read(new BinaryData(marked).ToMemory(), TestTime.Noon).Entry.FailuresInRow} failures in a row"
            );
        }),
        new($"sibling: {Source}", "JSON: a byte order mark before a one-time code", "123456", CodeAsync),
        new($"sibling: {Source}", "JSON: a byte order mark before the vault's error", "424 credential-missing", () =>
            Seen.ByCallerAsync("acronis", world =>
                world.Vault.Faults.Add(
                    Emulators.Endpoints.Get,
                    Emulators.Fault.Status(
                        403,
                        "\uFEFF{\"error\":{\"innererror\":{\"code\":\"SecretDisabled\"}}}",
                        "application/json"
                    )
                )
            )
        ),
    ];

    private static string Definition(string format)
    {
        const string Json =
            """{"vendor":"acronis","connection":"contoso","settings":{},"credential":{"clientSecret":"x"}}""";
        var findings = new List<SettingFinding>();
        var document = ConnectionDocument.Parse(format.Replace("{0}", Json, StringComparison.Ordinal), findings);
        return document is null
            ? $"{findings[0].Key} {findings[0].Problem}"
            : $"{document.Vendor}/{document.Connection}";
    }

    private static async Task<string> CodeAsync()
    {
        var request = new DefaultHttpContext().Request;
        request.ContentType = "application/json";
        request.Body = new MemoryStream(Encoding.UTF8.GetBytes("\uFEFF{\"code\":\"123456\"}"));
        var (code, finding) = await EnrolmentCode.ReadAsync(request, digits: 6, CancellationToken.None);
        return code?.Reveal() ?? finding;
    }
}
