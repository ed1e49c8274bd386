namespace BackupFunctions.Samples.Tests.PowerShell;

/// <summary>What came of a script.</summary>
/// <param name="Lines">Its output, each object as text.</param>
/// <param name="Display">Its output as a person sees it.</param>
/// <param name="Errors">The errors that did not end it.</param>
/// <param name="Verbose">What it told on the side.</param>
/// <param name="Ended">The error that ended it.</param>
internal sealed record PowerShellReply(
    IReadOnlyList<string> Lines,
    string Display,
    IReadOnlyList<PowerShellError> Errors,
    IReadOnlyList<string> Verbose,
    PowerShellError? Ended
);
