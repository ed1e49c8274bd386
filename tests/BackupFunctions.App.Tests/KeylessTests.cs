using BackupFunctions.Emulators;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace BackupFunctions.App.Tests;

/// <summary>Which functions ask for a key, in the metadata that the Functions host receives from the worker.</summary>
public sealed class KeylessTests
{
    /// <summary>Functions without data, open to everyone.</summary>
    private static readonly string[] Open = ["Health", "OpenApi", "StatusPage"];

    [Theory]
    [InlineData("true", "true", true)]
    [InlineData("true", "false", false)]
    [InlineData("false", "true", true)]
    public async Task Functions_have_keys_unless_the_settings_say_otherwise(string roles, string keys, bool hasKeys)
    {
        await using var suite = await EmulatorSuite.StartAsync();
        using var host = BuiltApp.Create(With(suite, roles, keys));
        host.Services.GetRequiredService<IStartupValidator>().Validate();

        var bindings = await HostMetadata.TriggersAsync(host, "httpTrigger");

        Assert.Contains("Call", bindings.Keys);
        Assert.All(bindings, function =>
            Assert.Equal(
                hasKeys && !Open.Contains(function.Key) ? "Function" : "Anonymous",
                (string)function.Value["authLevel"]!
            )
        );
    }

    [Fact]
    public async Task Without_roles_and_keys_the_app_neither_starts_nor_tells_the_host_of_a_function()
    {
        await using var suite = await EmulatorSuite.StartAsync();
        using var host = BuiltApp.Create(With(suite, "false", "false"));

        var refusal = Assert.Throws<OptionsValidationException>(
            host.Services.GetRequiredService<IStartupValidator>().Validate
        );

        Assert.Contains("Access:FunctionKeys is false, but", refusal.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<OptionsValidationException>(() => HostMetadata.ReadAsync(host));
    }

    [Fact]
    public async Task Nothing_else_of_a_function_changes()
    {
        await using var suite = await EmulatorSuite.StartAsync();
        using var usual = BuiltApp.Create(With(suite, "true", "true"));
        using var keyless = BuiltApp.Create(With(suite, "true", "false"));

        Assert.Equal(await WithoutLevelsAsync(usual), await WithoutLevelsAsync(keyless));
    }

    private static Dictionary<string, string> With(EmulatorSuite suite, string roles, string keys) =>
        new(suite.ClientSettings())
        {
            ["Access:RequireAppRoles"] = roles,
            ["Access:FunctionKeys"] = keys,
            ["WEBSITE_AUTH_ENABLED"] = "True",
        };

    private static async Task<List<string>> WithoutLevelsAsync(IHost host)
    {
        var bindings = await HostMetadata.BindingsAsync(host);
        foreach (var (_, binding) in bindings)
            binding.Remove("authLevel");
        return [.. bindings.Select(one => $"{one.Function} {one.Binding.ToJsonString()}")];
    }
}
