using System.Text;

namespace BackupFunctions.Emulators;

/// <summary>What runs where, and the environment variables with which a client finds it.</summary>
internal static class EmulatorTable
{
    public static string Of(EmulatorSuite suite)
    {
        var text = new StringBuilder();
        foreach (var emulator in suite.Emulators)
            text.AppendLine($"  {emulator.Name, -18}{emulator.BaseAddress}");
        if (suite.VeeamPlainAddress is { } plain)
            text.AppendLine($"  {"veeam, plain", -18}{plain}");

        text.AppendLine().AppendLine("Settings of a client, as environment variables:").AppendLine();
        foreach (var (key, value) in suite.ClientSettings())
            text.AppendLine($"  {key.Replace(":", "__", StringComparison.Ordinal)}={value}");

        text.AppendLine()
            .AppendLine(
                "The vault holds the credentials that the vendors accept. Faults and counters: /_emulator/ at each address."
            );
        return text.Append("Ctrl+C ends all of them.").ToString();
    }
}
