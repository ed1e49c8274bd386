using BackupFunctions.Testing;

namespace BackupFunctions.LocalHost.Tests.Deployment;

/// <summary>
/// A folder for one run of the compiler. It is in the repository, because a parameter file names its template by a
/// relative path, which does not lead to another drive.
/// </summary>
internal sealed class Workshop : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateDirectory(
        Path.Combine(Repository.Root, "artifacts", "infra", Path.GetRandomFileName())
    );

    public string File(string name) => Path.Combine(_folder.FullName, name);

    public string Write(string name, string text)
    {
        System.IO.File.WriteAllText(File(name), text);
        return File(name);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
