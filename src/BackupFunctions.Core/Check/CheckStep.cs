namespace BackupFunctions.Check;

/// <summary>One thing to look at.</summary>
/// <param name="Group">Where its findings stand.</param>
/// <param name="Subject">What it looks at.</param>
/// <param name="Unfinished">What is found if it takes too long.</param>
/// <param name="RunAsync">Looks; throws nothing but a cancellation, unless it is broken.</param>
internal sealed record CheckStep(
    CheckGroup Group,
    string Subject,
    Finding Unfinished,
    Func<CancellationToken, Task<IReadOnlyList<Finding>>> RunAsync
);
