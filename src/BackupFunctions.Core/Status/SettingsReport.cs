using BackupFunctions.Connections;
using BackupFunctions.Settings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BackupFunctions.Status;

/// <summary>
/// Logs at the start what is wrong with the settings but does not stop it. Events numbered from 5101.
/// </summary>
internal sealed partial class SettingsReport(
    IOptions<BackupFunctionsOptions> options,
    ConnectionDirectory directory,
    ILogger<SettingsReport> logger
) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var wrong in directory.Misconfigured)
        {
            Misconfigured(logger, wrong.Key, wrong.Failure.Detail);
        }

        foreach (var unknown in options.Value.Unknown)
        {
            Unknown(logger, unknown.ToString());
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(5101, LogLevel.Error, "{Connection} is misconfigured and gets no token: {Detail}")]
    private static partial void Misconfigured(ILogger logger, ConnectionKey connection, string detail);

    [LoggerMessage(5102, LogLevel.Warning, "A setting is ignored, because this version does not know it: {Finding}")]
    private static partial void Unknown(ILogger logger, string finding);
}
