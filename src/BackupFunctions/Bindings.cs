using System.Text.Json.Nodes;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;

namespace BackupFunctions;

/// <summary>The bindings in the metadata that the host receives from the worker at its start.</summary>
internal static class Bindings
{
    /// <summary>Changes the bindings of all functions.</summary>
    /// <param name="functions">The functions.</param>
    /// <param name="change">Changes a binding, and returns whether it did.</param>
    public static void Replace(IEnumerable<IFunctionMetadata> functions, Func<JsonObject, bool> change)
    {
        foreach (var bindings in functions.Select(function => function.RawBindings).OfType<IList<string>>())
        {
            for (var index = 0; index < bindings.Count; index++)
            {
                var binding = JsonNode.Parse(bindings[index])!.AsObject();
                if (change(binding))
                {
                    bindings[index] = binding.ToJsonString();
                }
            }
        }
    }
}
