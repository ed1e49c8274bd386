namespace BackupFunctions.LocalHost.Tests;

/// <summary>A file that is deleted with the test. Its extension is fixed, because some programs check it.</summary>
internal sealed class TemporaryFile : IDisposable
{
    public TemporaryFile(string text, string extension = "json")
    {
        Path = System.IO.Path.Combine(
            System.IO.Path.GetTempPath(),
            System.IO.Path.ChangeExtension(System.IO.Path.GetRandomFileName(), extension)
        );
        File.WriteAllText(Path, text);
    }

    public string Path { get; }

    public void Dispose() => File.Delete(Path);
}
