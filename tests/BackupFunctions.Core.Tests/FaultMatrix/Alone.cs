namespace BackupFunctions.Core.Tests.FaultMatrix;

/// <summary>Tests that no other runs beside: <see cref="Stillness"/> could not tell their work apart.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
