using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BackupFunctions.App.Tests;

/// <summary>What the worker answers to the Functions host's <c>FunctionsMetadataRequest</c>.</summary>
internal static class HostMetadata
{
    /// <summary>Every function with its bindings.</summary>
    public static async Task<IReadOnlyList<(string Function, JsonObject Binding)>> BindingsAsync(IHost host) =>
        [
            .. from function in await ReadAsync(host)
            from binding in function.RawBindings!
            select (function.Name!, JsonNode.Parse(binding)!.AsObject()),
        ];

    /// <summary>The trigger of each function that has one of this type.</summary>
    public static async Task<Dictionary<string, JsonObject>> TriggersAsync(IHost host, string type) =>
        (await BindingsAsync(host))
            .Where(one => (string?)one.Binding["type"] == type)
            .ToDictionary(one => one.Function, one => one.Binding);

    /// <summary>The worker's manager, which applies the transformers, is internal.</summary>
    public static async Task<ImmutableArray<IFunctionMetadata>> ReadAsync(IHost host)
    {
        var type = typeof(IFunctionMetadataProvider).Assembly.GetType(
            "Microsoft.Azure.Functions.Worker.Core.FunctionMetadata.IFunctionMetadataManager",
            throwOnError: true
        )!;
        var manager = host.Services.GetRequiredService(type);
        var found =
            (Task<ImmutableArray<IFunctionMetadata>>)
                type.GetMethod("GetFunctionMetadataAsync")!.Invoke(manager, [AppContext.BaseDirectory])!;
        return await found;
    }
}
