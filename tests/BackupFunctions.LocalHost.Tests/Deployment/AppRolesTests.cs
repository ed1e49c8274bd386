using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using BackupFunctions.LocalHost.Tests.Api;
using BackupFunctions.Vendors;
using BackupFunctions.Web.Access;

namespace BackupFunctions.LocalHost.Tests.Deployment;

/// <summary>The app roles that an app registration needs: infra/app-roles.json.</summary>
public sealed class AppRolesTests
{
    private static readonly string Committed = Path.Combine(BicepCompiler.Infra, "app-roles.json");

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [Fact]
    public async Task They_are_generated_from_the_vendors()
    {
        var ids = JsonSerializer
            .Deserialize<List<Role>>(await GeneratedFile.ReadAsync(Committed), Json)!
            .ToDictionary(role => role.Value, role => role.Id, StringComparer.Ordinal);
        var roles = VendorProfiles
            .BuiltIn.Select(vendor =>
                (
                    $"Token.Read.{vendor.Name}",
                    $"Read tokens of {vendor.DisplayName}",
                    $"Gets the tokens of every connection to {vendor.DisplayName}."
                )
            )
            .Prepend(("Token.Read.All", "Read every token", "Gets the tokens of every connection."))
            .Append(("Call.All", "Call every API", "Calls the API of every vendor."))
            .Concat(
                VendorProfiles.BuiltIn.Select(vendor =>
                    (
                        $"Call.{vendor.Name}",
                        $"Call {vendor.DisplayName}",
                        $"Calls the API of {vendor.DisplayName} with every connection."
                    )
                )
            )
            .Append(("Call.Read.All", "Read from every API", "Calls the API of every vendor with GET and HEAD."))
            .Concat(
                VendorProfiles.BuiltIn.Select(vendor =>
                    (
                        $"Call.Read.{vendor.Name}",
                        $"Read from {vendor.DisplayName}",
                        $"Calls the API of {vendor.DisplayName} with GET and HEAD."
                    )
                )
            )
            .Append(
                (
                    "Connections.Manage",
                    "Manage connections",
                    "Refreshes, enrols, signs out and checks connections, and sees their state."
                )
            )
            .Append(("Connections.Read", "See connections", "Sees the state and the names of connections."))
            .Select(role => new Role(
                // An id never changes: assignments name it.
                ids.GetValueOrDefault(role.Item1, NewId(role.Item1)),
                role.Item1,
                role.Item2,
                role.Item3,
                ["Application", "User"],
                IsEnabled: true
            ));

        await GeneratedFile.AssertUpToDateAsync(Committed, JsonSerializer.Serialize(roles, Json) + "\n");
    }

    [Fact]
    public async Task They_are_those_that_the_app_asks_for()
    {
        var roles = JsonSerializer.Deserialize<List<Role>>(await GeneratedFile.ReadAsync(Committed), Json)!;
        var values = roles.Select(role => role.Value).ToList();

        Assert.Equal(roles.Count, roles.Select(role => role.Id).Distinct().Count());
        Assert.All(VendorProfiles.BuiltIn, vendor =>
            Assert.Contains(Permission.ReadToken(vendor.Name, "default").Roles.Split(" or ")[1], values)
        );
        Assert.All(VendorProfiles.BuiltIn, vendor =>
            Assert.Subset(
                values.ToHashSet(),
                Permission
                    .Call(vendor.Name, "default", isRead: true)
                    .Roles.Split(" or ")
                    .Where(IsOfNoConnection)
                    .ToHashSet()
            )
        );
        Assert.Equal("Connections.Read or Connections.Manage", Permission.ReadConnections.Roles);
        Assert.All(["Connections.Read", "Connections.Manage", "Token.Read.All"], role => Assert.Contains(role, values));
    }

    private static bool IsOfNoConnection(string role) => !role.EndsWith(".default", StringComparison.Ordinal);

    private static Guid NewId(string role) => new(SHA256.HashData(Encoding.UTF8.GetBytes(role)).AsSpan(0, 16));

    private sealed record Role(
        Guid Id,
        string Value,
        string DisplayName,
        string Description,
        IReadOnlyList<string> AllowedMemberTypes,
        bool IsEnabled
    );
}
