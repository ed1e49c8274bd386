using System.Text.Json.Nodes;

namespace BackupFunctions.Emulators.Tests;

/// <summary>Reads what an emulator answered.</summary>
internal static class Replies
{
    public static async Task<JsonObject> JsonAsync(this Task<HttpResponseMessage> response)
    {
        using var reply = await response;
        return await reply.JsonAsync();
    }

    public static async Task<JsonObject> JsonAsync(this HttpResponseMessage reply) =>
        JsonNode.Parse(await reply.TextAsync())!.AsObject();

    public static Task<string> TextAsync(this HttpResponseMessage reply) =>
        reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    public static async Task<string> TokenAsync(this Task<HttpResponseMessage> response) =>
        (await response.JsonAsync()).Text("access_token");

    public static string Text(this JsonObject json, string name) => json[name]!.GetValue<string>();

    public static long Number(this JsonObject json, string name) => json[name]!.GetValue<long>();

    /// <summary>The claims of a JWT, not verified.</summary>
    public static JsonObject Claims(string jwt) =>
        JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(jwt.Split('.')[1]))!.AsObject();
}
