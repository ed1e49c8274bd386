using BackupFunctions.Browser.Tests;

[assembly: AssemblyFixture(typeof(Chromium))]
// One browser, two cores: tests beside each other would only wait for each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
