using System.Text.Json;
using BackupFunctions.Json;
using Microsoft.Extensions.Primitives;

namespace BackupFunctions.Web.Access;

/// <summary>
/// Reads the header in which App Service authentication names a verified caller:
/// https://learn.microsoft.com/azure/app-service/configure-authentication-user-identities.
/// </summary>
internal static class PrincipalHeader
{
    public const string Name = "X-MS-CLIENT-PRINCIPAL";

    /// <summary>In characters. Kestrel accepts 32 KiB of headers in all.</summary>
    public const int LongestValue = 32 * 1024;

    /// <summary>A stranger chose the caller's name, and it appears in logs.</summary>
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

    /// <summary>Reads the principal; null unless there is one value that holds an Entra ID principal.</summary>
    public static Caller? Read(StringValues values)
    {
        if (values is not [{ Length: > 0 and <= LongestValue } value])
        {
            return null;
        }

        try
        {
            return LenientJson.Parse(Convert.FromBase64String(value)) is { } root && Text(root, "auth_typ") == EntraId
                ? Read(root)
                : null;
        }
        catch (Exception exception) when (exception is FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    private static Caller Read(JsonElement root)
    {
        var claims = ReadClaims(root);
        string[] roleTypes = Text(root, "role_typ") is { } named ? [named, .. RoleTypes] : RoleTypes;
        return new Caller("principal")
        {
            Id = First(claims, IdTypes),
            Name = First(claims, NameTypes),
            Application = First(claims, ApplicationTypes),
            Roles = [.. claims.Where(claim => roleTypes.Contains(claim.Type)).Select(claim => claim.Value)],
        };
    }

    private static List<(string Type, string Value)> ReadClaims(JsonElement root)
    {
        var claims = new List<(string Type, string Value)>();
        if (!root.TryGetProperty("claims", out var list))
        {
            return claims;
        }

        foreach (var claim in list.EnumerateArray())
        {
            if (Text(claim, "typ") is { } type && Text(claim, "val") is { } value)
            {
                claims.Add((type, value));
            }
        }

        return claims;
    }

    private static string? First(List<(string Type, string Value)> claims, string[] types)
    {
        foreach (var type in types)
        {
            var index = claims.FindIndex(claim => claim.Type == type);
            if (index >= 0)
            {
                return Printable(claims[index].Value);
            }
        }

        return null;
    }

    private static string? Text(JsonElement element, string member) =>
        element.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static string Printable(string text) =>
        string.Concat(text.Where(character => !char.IsControl(character)).Take(LongestText));
}
