using System.Text.Json.Nodes;
using BackupFunctions.Settings;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;
using Microsoft.Extensions.Options;

namespace BackupFunctions;

/// <summary>
/// Takes the keys off the HTTP functions where app roles alone admit callers (<c>Access:FunctionKeys=false</c>). An
/// <c>AuthorizationLevel</c> is fixed when the code is compiled; what counts is the metadata that the host receives
/// from the worker at its start.
/// </summary>
/// <param name="options">The settings. They refuse functions without keys where no role is required.</param>
internal sealed class KeylessFunctions(IOptions<BackupFunctionsOptions> options) : IFunctionMetadataTransformer
{
    private const string AuthLevel = "authLevel";

    /// <inheritdoc/>
    public string Name => nameof(KeylessFunctions);

    /// <inheritdoc/>
    public void Transform(IList<IFunctionMetadata> original)
    {
        if (options.Value.Access.Admission == Admission.AppRoles)
        {
            Bindings.Replace(original, WithoutKey);
        }
    }

    private static bool WithoutKey(JsonObject binding)
    {
        if (!binding.ContainsKey(AuthLevel))
        {
            return false;
        }

        binding[AuthLevel] = "Anonymous";
        return true;
    }
}
