using System.Text;

namespace BackupFunctions.Emulators;

/// <summary>The addresses of the emulators, and the environment variables that a client needs.</summary>
internal static class EmulatorTable
{
    public static string Of(EmulatorSuite suite)
    {
        var text = new StringBuilder();
        foreach (var emulator in suite.Emulators)
            text.AppendLine($"  {emulator.Name, -18}{emulator.BaseAddress}");
        if (suite.VeeamPlainAddress is { } plain)
            text.AppendLine($"  {"veeam, plain", -18}{plain}");

        var settings = suite
            .ClientSettings()
            .Select(setting => (Name: setting.Key.Replace(":", "__", StringComparison.Ordinal), setting.Value))
            .ToList();
        text.AppendLine().AppendLine("Settings for a client, in a POSIX shell:").AppendLine();
        foreach (var (name, value) in settings)
            text.AppendLine($"export {name}='{value.Replace("'", "'\\''", StringComparison.Ordinal)}'");

        text.AppendLine().AppendLine("and in PowerShell:").AppendLine();
        foreach (var (name, value) in settings)
            text.AppendLine($"$env:{name} = '{value.Replace("'", "''", StringComparison.Ordinal)}'");

        text.AppendLine()
            .AppendLine(
                "The vault has the credentials that the vendors accept. Faults and counters: /_emulator/ at each."
            );
        return text.Append("Press Ctrl+C to stop.").ToString();
    }
}
