using System.Text.Json.Nodes;
using BackupFunctions.Core.Tests.FaultMatrix;
using BackupFunctions.Core.Tests.SignIn;
using BackupFunctions.Emulators;

namespace BackupFunctions.Core.Tests.Situations;

/// <summary>How long a token lives, by evidence that cannot be true.</summary>
internal static class VendorLifetimes
{
    private const string Year = "200 for 31536000 s";
    private const string Unusable = "503 vendor-reply-unusable, Retry-After 30";

    /// <summary>2026-11-22T13:00:00Z, an hour from the start of a test.</summary>
    private const long InAnHour = 1_795_352_400;

    public static IReadOnlyList<Situation> Rows { get; } =
    [
        Row("angular2-jwt#272", "expires_in 3600, exp in milliseconds", "200 for 3600 s", 3600, Exp(InAnHour * 1000)),
        Row("sibling of angular2-jwt#272", "exp in milliseconds alone", "200 for 300 s", null, Exp(InAnHour * 1000)),
        Row(
            "sibling of angular2-jwt#272",
            "exp that is a text",
            "200 for 3600 s",
            3600,
            TokenLifetimeTests.Jwt("""{"exp":"never"}""")
        ),
        Row("servers that mean \"never\"", "expires_in of the largest 32-bit number", Year, int.MaxValue),
        Row("servers that mean \"never\"", "expires_in of the largest TimeSpan", Year, 9_223_372_036_854_775),
        Row("sibling: expires_in of the largest 64-bit number", "expires_in 9223372036854775807", Year, long.MaxValue),
        Row("sibling: an instant in place of a life", "expires_in that is a Unix time", "200 for 3600 s", InAnHour),
        Row("sibling: -1 for \"never\"", "expires_in -1, exp in an hour", "200 for 3600 s", -1, Exp(InAnHour)),
        Row("sibling: -1 for \"never\"", "expires_in -1 alone", Unusable, -1),
        Row("sibling: a fraction", "expires_in 3599.999", "200 for 3599 s", 3599.999),
        Row("sibling: a text", "expires_in 3600 in quotes", "200 for 3600 s", "3600"),
        Row("sibling: a text", "expires_in in words, exp in an hour", "200 for 3600 s", "one hour", Exp(InAnHour)),
        Row(
            "sibling: an object",
            "expires_in nested, exp in an hour",
            "200 for 3600 s",
            new JsonObject { ["s"] = 60 },
            Exp(InAnHour)
        ),
        Row("sibling: an object", "expires_in nested alone", Unusable, new JsonObject { ["s"] = 60 }),
        Edit("sibling: .NET", "expires_in 3600, .expires of DateTime.MaxValue", "200 for 3600 s", json =>
            (json["expires_in"], json[".expires"]) = (3600, "9999-12-31T23:59:59.9999999")
        ),
        Edit("sibling of angular2-jwt#272", "expires_on in milliseconds, expires_in 3600", "200 for 3600 s", json =>
            (json["expires_in"], json["expires_on"]) = (3600, InAnHour * 1000)
        ),
        Edit("sibling of angular2-jwt#272", "expires_on in milliseconds alone", Unusable, json =>
            json["expires_on"] = InAnHour * 1000
        ),
        Edit("sibling: default(DateTime)", ".issued of the year 1, .expires in an hour", "200 for 3600 s", json =>
            (json[".issued"], json[".expires"]) = ("0001-01-01T00:00:00", "2026-11-22T13:00:00")
        ),
        new("sibling: a clock that was never set", "a Date of 1970, expires_on of today", "200 for 7200 s", () =>
            LifeAsync(Fault.Header("Date", "Thu, 01 Jan 1970 00:00:00 GMT"))
        ),
    ];

    private static string Exp(long instant) => TokenLifetimeTests.Jwt($$"""{"exp":{{instant}}}""");

    private static Situation Row(
        string source,
        string input,
        string right,
        JsonNode? expiresIn,
        string token = "opaque"
    ) => Edit(source, input, right, json =>
        {
            json["access_token"] = token;
            json["expires_in"] = expiresIn?.DeepClone();
        });

    private static Situation Edit(string source, string input, string right, Action<JsonObject> edit) =>
        new(source, $"lifetime: {input}", right, () => LifeAsync(
                Fault.EditReply(json =>
                {
                    json["access_token"] = "opaque";
                    json.Remove("expires_on");
                    edit(json);
                })
            ));

    private static async Task<string> LifeAsync(Fault fault)
    {
        await using var world = new World("acronis");
        ((AcronisEmulator)world.Vendor).TokenFormat = TokenFormat.Opaque;
        world.Vendor.Faults.Add(Endpoints.Token, fault);
        return Seen.WithLife(await world.GetTokenAsync());
    }
}
