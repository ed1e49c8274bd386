using System.Text;
using BackupFunctions.LocalHost.Log;

namespace BackupFunctions.LocalHost.Tests.Log;

public sealed class BatchedWriterTests
{
    private readonly SlowOutput _output = new();

    [Fact]
    public async Task What_many_threads_append_is_all_written_in_the_order_of_each()
    {
        using (var writer = new BatchedWriter(_output, TimeSpan.Zero))
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
            {
                for (var i = 0; i < 1_000; i++)
                {
                    Append(writer, $"{thread} {i}\n");
                }
            })));
        }

        var lines = _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4_000, lines.Length);
        Assert.All(lines.GroupBy(line => line[0]), thread => Assert.Equal(Enumerable.Range(0, 1_000).Select(i => $"{thread.Key} {i}"), thread));
    }

    [Fact]
    public void What_comes_within_a_moment_is_written_in_one_go()
    {
        using (var writer = new BatchedWriter(_output, Timeout.InfiniteTimeSpan))
        {
            Append(writer, "one\n");
            Append(writer, "two\n");
        }

        Assert.Equal(["one\ntwo\n"], _output.Batches);
    }

    [Fact]
    public async Task What_is_urgent_is_written_at_once_and_what_came_before_it_too()
    {
        using var writer = new BatchedWriter(_output, Timeout.InfiniteTimeSpan);
        Append(writer, "one\n");

        Append(writer, "two\n", isUrgent: true);

        await _output.Flushed;
        Assert.Equal("one\ntwo\n", _output.ToString());
    }

    [Fact]
    public void Who_is_faster_than_the_output_waits_and_loses_nothing()
    {
        var line = new string('x', 100_000) + "\n";
        _output.Hold();

        using (var writer = new BatchedWriter(_output, TimeSpan.Zero))
        {
            var appending = new Thread(() =>
            {
                for (var i = 0; i < 50; i++)
                {
                    Append(writer, line);
                }
            });
            appending.Start();
            _output.WaitUntilHeld();
            _output.Release();
            appending.Join();
        }

        Assert.Equal(50 * line.Length, _output.ToString().Length);
        Assert.All(_output.Batches, batch => Assert.InRange(batch.Length, 0, BatchedWriter.MostWaiting + line.Length));
    }

    private static void Append(BatchedWriter writer, string text, bool isUrgent = false) => writer.Append(new StringBuilder(text), isUrgent);
}
