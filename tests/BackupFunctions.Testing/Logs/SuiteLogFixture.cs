using Microsoft.Extensions.Logging;

namespace BackupFunctions.Testing;

/// <summary>
/// The fixture of every test assembly: when its tests are done, a secret in the log fails the run ("Test Assembly
/// Cleanup Failure"). <c>dotnet test --logger "console;verbosity=normal"</c> shows where it is.
/// </summary>
public sealed class SuiteLogFixture : IDisposable
{
    public ILoggerFactory Factory { get; } = LoggerFactory.Create(logging => logging.AddSuiteLog());

    public void Dispose()
    {
        Factory.Dispose();
        SuiteLog.AssertClean();
    }
}
