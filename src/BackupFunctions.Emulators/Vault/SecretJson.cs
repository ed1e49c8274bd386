using System.Text.Json.Nodes;

namespace BackupFunctions.Emulators;

/// <summary>
/// Secrets in the JSON of the REST API (learn.microsoft.com, "Secrets, REST API": SecretBundle, SecretItem and their
/// deleted forms).
/// </summary>
internal static class SecretJson
{
    private const int RecoverableDays = 90;

    public static JsonObject Bundle(SecretVersion secret, string vault, bool withValue)
    {
        var json = Common(secret, $"{vault}/secrets/{secret.Name}/{secret.Version}");
        if (withValue)
            json.Insert(0, "value", secret.Value);
        return json;
    }

    /// <summary>In a list of versions the id has a version; in a list of secrets it has none.</summary>
    public static JsonObject Item(SecretVersion secret, string vault, bool withVersion) =>
        Common(secret, $"{vault}/secrets/{secret.Name}" + (withVersion ? $"/{secret.Version}" : ""));

    public static JsonObject Deleted(SecretVersion secret, DateTimeOffset deletedAt, string vault, bool withVersion)
    {
        var json = Item(secret, vault, withVersion);
        json["recoveryId"] = $"{vault}/deletedsecrets/{secret.Name}";
        json["deletedDate"] = deletedAt.ToUnixTimeSeconds();
        json["scheduledPurgeDate"] = deletedAt.AddDays(RecoverableDays).ToUnixTimeSeconds();
        return json;
    }

    public static JsonObject Refusal(VaultRefusalException refusal)
    {
        var error = new JsonObject { ["code"] = refusal.Code, ["message"] = refusal.Message };
        if (refusal.InnerCode is { } inner)
            error["innererror"] = new JsonObject { ["code"] = inner };
        return new JsonObject { ["error"] = error };
    }

    private static JsonObject Common(SecretVersion secret, string id)
    {
        var json = new JsonObject { ["id"] = id, ["attributes"] = Attributes(secret) };
        if (secret.ContentType is { } contentType)
            json["contentType"] = contentType;
        if (secret.Tags.Count > 0)
            json["tags"] = new JsonObject(
                secret.Tags.Select(static tag => KeyValuePair.Create(tag.Key, (JsonNode?)tag.Value))
            );
        return json;
    }

    private static JsonObject Attributes(SecretVersion secret)
    {
        var json = new JsonObject
        {
            ["enabled"] = secret.Enabled,
            ["created"] = secret.Created.ToUnixTimeSeconds(),
            ["updated"] = secret.Updated.ToUnixTimeSeconds(),
            ["recoveryLevel"] = "Recoverable+Purgeable",
            ["recoverableDays"] = RecoverableDays,
        };
        if (secret.NotBefore is { } start)
            json["nbf"] = start.ToUnixTimeSeconds();
        if (secret.ExpiresOn is { } end)
            json["exp"] = end.ToUnixTimeSeconds();
        return json;
    }
}
