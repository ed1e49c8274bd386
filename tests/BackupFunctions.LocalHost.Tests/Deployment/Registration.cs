using System.Text.Json.Nodes;

namespace BackupFunctions.LocalHost.Tests.Deployment;

/// <summary>App registrations as Microsoft Graph keeps them.</summary>
internal static class Registration
{
    public const string AzureCli = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
    public const string AzurePowerShell = "1950a258-227b-4e31-a9cf-717495945fc2";

    /// <summary>A registration as somebody made it in the portal, with things of their own and without ours.</summary>
    public static void MakeByHand(JsonObject state)
    {
        var app = state["applications"]![0]!;
        var roles = app["appRoles"]!.AsArray();
        var acronis = roles.Single(role => $"{role!["value"]}" == "Token.Read.acronis")!.DeepClone();
        acronis["id"] = "9a0e6c58-90cf-4f6c-8d4c-9f0b8f5d1c11";
        var berlin = acronis.DeepClone();
        berlin["id"] = "5b1f8a42-77a3-4f0e-93d4-1c7e2b9a6d22";
        berlin["value"] = "Token.Read.veeam.berlin";
        berlin["description"] = "Berlin's \"tokens\", für alle, c:\\x";
        berlin["isEnabled"] = false;
        var nameless = acronis.DeepClone();
        nameless["id"] = "1d7c52e5-0d9a-4a43-9b0c-7f6b1e3f8a33";
        nameless["value"] = null;
        app["appRoles"] = new JsonArray(nameless, acronis, berlin);
        app["identifierUris"] = new JsonArray("https://contoso.com/tokens");
        var scope = app["api"]!["oauth2PermissionScopes"]![0]!.DeepClone();
        scope["id"] = "s1";
        var other = scope.DeepClone();
        other["id"] = "s2";
        other["value"] = "files";
        app["api"]!["oauth2PermissionScopes"] = new JsonArray(other, scope);
        app["api"]!["preAuthorizedApplications"] = new JsonArray(Client(AzureCli, "s2"), Client("another", "s1"));
        app["web"] = JsonNode.Parse(
            """
            { "redirectUris": ["https://contoso.com/back"],
              "implicitGrantSettings": { "enableAccessTokenIssuance": true, "enableIdTokenIssuance": true } }
            """
        );
        state["servicePrincipals"]![0]!["appRoleAssignmentRequired"] = true;
    }

    public static JsonObject Client(string id, params JsonNode?[] scopes) =>
        new()
        {
            ["appId"] = id,
            ["delegatedPermissionIds"] = new JsonArray([.. scopes.Select(one => one!.DeepClone())]),
        };
}
