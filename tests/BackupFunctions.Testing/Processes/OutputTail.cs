namespace BackupFunctions.Testing;

/// <summary>The last lines of a stream, for error messages.</summary>
internal sealed class OutputTail
{
    public const int MaxLines = 200;
    private const int MaxLineLength = 1000;
    private readonly Queue<string> _lines = new();

    public void Add(string line)
    {
        lock (_lines)
        {
            if (_lines.Count == MaxLines)
                _lines.Dequeue();
            _lines.Enqueue(line.Length > MaxLineLength ? line[..MaxLineLength] + "…" : line);
        }
    }

    public override string ToString()
    {
        lock (_lines)
            return string.Join('\n', _lines);
    }
}
