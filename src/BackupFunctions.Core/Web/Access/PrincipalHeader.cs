using System.Text.Json;
using Microsoft.Extensions.Primitives;

namespace BackupFunctions.Web.Access;

/// <summary>
/// Reads the header in which App Service authentication names a caller that it has verified:
/// https://learn.microsoft.com/azure/app-service/configure-authentication-user-identities.
/// </summary>
internal static class PrincipalHeader
{
    /// <summary>The header's name.</summary>
    public const string Name = "X-MS-CLIENT-PRINCIPAL";

    /// <summary>The longest value that is read: Kestrel takes 32 KiB of headers in all.</summary>
    public const int LongestValue = 32 * 1024;

    /// <summary>A caller's name stands in logs, and a stranger chose it.</summary>
    private const int LongestText = 200;

    /// <summary>What App Service calls Entra ID.</summary>
    private const string EntraId = "aad";

    private static readonly string[] RoleTypes =
    [
        "roles",
        "http://schemas.microsoft.com/ws/2008/06/identity/claims/role",
    ];
    private static readonly string[] IdTypes = ["oid", "http://schemas.microsoft.com/identity/claims/objectidentifier"];
    private static readonly string[] NameTypes =
    [
        "preferred_username",
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn",
        "name",
    ];
    private static readonly string[] ApplicationTypes = ["azp", "appid"];

    /// <summary>Reads the principal.</summary>
    /// <param name="values">The header's values.</param>
    /// <returns>Null unless there is one value, and it holds a principal of Entra ID.</returns>
    public static Caller? Read(StringValues values)
    {
        if (values is not [{ Length: > 0 and <= LongestValue } value])
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(Convert.FromBase64String(value));
            var root = document.RootElement;
            return Text(root, "auth_typ") == EntraId ? Read(root) : null;
        }
        catch (Exception exception) when (exception is FormatException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static Caller Read(JsonElement root)
    {
        var claims = root.TryGetProperty("claims", out var list)
            ? list.EnumerateArray().Select(claim => (Type: Text(claim, "typ"), Value: Text(claim, "val"))).ToList()
            : [];
        var roleType = Text(root, "role_typ");
        return new Caller("principal")
        {
            Id = First(IdTypes),
            Name = First(NameTypes),
            Application = First(ApplicationTypes),
            Roles =
            [
                .. claims
                    .Where(claim =>
                        claim.Type is { } type
                        && claim.Value is not null
                        && (type == roleType || RoleTypes.Contains(type))
                    )
                    .Select(claim => claim.Value!),
            ],
        };

        string? First(string[] types) =>
            types
                .Select(type => claims.FirstOrDefault(claim => claim.Type == type).Value)
                .FirstOrDefault(value => value is not null)
                is { } found
                ? Shown(found)
                : null;
    }

    private static string? Text(JsonElement element, string member) =>
        element.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static string Shown(string text) =>
        string.Concat(text.Where(character => !char.IsControl(character)).Take(LongestText));
}
