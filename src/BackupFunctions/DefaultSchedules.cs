using System.Text.Json.Nodes;
using BackupFunctions.Sweeps;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;
using Microsoft.Extensions.Configuration;

namespace BackupFunctions;

/// <summary>
/// Gives a timer whose schedule is not set the default one. The Functions host would start the app without that timer,
/// and say so only in its own log.
/// </summary>
internal sealed class DefaultSchedules(IConfiguration configuration) : IFunctionMetadataTransformer
{
    private const string Schedule = "schedule";

    /// <inheritdoc/>
    public string Name => nameof(DefaultSchedules);

    /// <inheritdoc/>
    public void Transform(IList<IFunctionMetadata> original) => Bindings.Replace(original, WithSchedule);

    private bool WithSchedule(JsonObject binding)
    {
        if (
            (string?)binding[Schedule] is not { } setting
            || !setting.StartsWith('%')
            || configuration[setting.Trim('%')] is not null
        )
        {
            return false;
        }

        binding[Schedule] = RefreshSchedule.DefaultExpression;
        return true;
    }
}
