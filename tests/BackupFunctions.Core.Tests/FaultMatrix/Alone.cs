namespace BackupFunctions.Core.Tests.FaultMatrix;

/// <summary>Tests that run alone, because <see cref="Stillness"/> sees the work of the whole process.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
