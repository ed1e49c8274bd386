using System.Text.Json;

namespace BackupFunctions.Samples.Tests.PowerShell;

/// <summary>What an error record holds.</summary>
internal sealed record PowerShellError(
    string Id,
    string Category,
    string Message,
    string Target,
    string? Advice,
    JsonElement Data
);
