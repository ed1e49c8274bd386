namespace BackupFunctions.LocalHost.Tests;

/// <summary>A file that goes with the test. Its extension is no random one: there are programs that judge a file by it.</summary>
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
