namespace BackupFunctions.Check;

/// <summary>What mends a finding.</summary>
/// <param name="Words">What to do, and where.</param>
/// <param name="Command">The same as a line to copy, where there is one: a command, or a setting. What stands in &lt;…&gt; is to be filled in.</param>
public sealed record Remedy(string Words, string? Command = null);
