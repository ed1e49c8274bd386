using BackupFunctions.LocalHost.Log;

namespace BackupFunctions.LocalHost;

/// <summary>What the command line says, and what a test puts in place of the machine's clock and console.</summary>
/// <param name="SettingsFile">A file in the form of local.settings.json; null for none.</param>
/// <param name="OwnsTheVault">Whether timers run and refresh tokens are spent with a vault that is no emulator.</param>
internal sealed record LocalHostOptions(FileInfo? SettingsFile = null, bool OwnsTheVault = false)
{
    /// <summary>The clock of the host and of the emulators in it.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Adds routes beside the host's own, for who measures those; null for none.</summary>
    public Action<IEndpointRouteBuilder>? FurtherRoutes { get; init; }

    /// <summary>Where logs go: to standard error, so that standard output holds what was asked for and nothing else.</summary>
    public Action<ILoggingBuilder> Logging { get; init; } = BatchedConsole.AddTo;
}
