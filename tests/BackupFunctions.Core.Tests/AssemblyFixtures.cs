using BackupFunctions.Testing;

[assembly: AssemblyFixture(typeof(SharedAzurite))]
