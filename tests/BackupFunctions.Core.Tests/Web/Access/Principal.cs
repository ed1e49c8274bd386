using System.Text.Json;

namespace BackupFunctions.Core.Tests.Web.Access;

/// <summary>Makes the header that App Service authentication writes.</summary>
internal static class Principal
{
    public static string Of(string[] roles, params (string Type, string Value)[] claims) =>
        Of(roles, "roles", "roles", "aad", claims);

    public static string Of(
        string[] roles,
        string roleClaim,
        string roleType,
        string provider,
        params (string Type, string Value)[] claims
    ) =>
        Encode(
            JsonSerializer.Serialize(
                new
                {
                    auth_typ = provider,
                    claims = claims
                        .Concat(roles.Select(role => (roleClaim, role)))
                        .Select(claim => new { typ = claim.Item1, val = claim.Item2 }),
                    name_typ = "preferred_username",
                    role_typ = roleType,
                }
            )
        );

    public static string Encode(string json) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(json));
}
