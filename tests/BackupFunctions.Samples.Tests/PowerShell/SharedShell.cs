using BackupFunctions.Samples.Tests.Serving;

namespace BackupFunctions.Samples.Tests.PowerShell;

/// <summary>One host and one PowerShell for all tests of the module.</summary>
[CollectionDefinition(nameof(SharedShell))]
public sealed class SharedShell : ICollectionFixture<HostFixture>, ICollectionFixture<PowerShellSession>;
