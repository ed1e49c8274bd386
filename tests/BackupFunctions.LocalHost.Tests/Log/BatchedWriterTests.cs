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
            await Task.WhenAll(
                Enumerable
                    .Range(0, 4)
                    .Select(thread =>
                        Task.Run(() =>
                        {
                            for (var i = 0; i < 1_000; i++)
                            {
                                Append(writer, $"{thread} {i}\n");
                            }
                        })
                    )
            );
        }

        var lines = _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4_000, lines.Length);
        Assert.All(lines.GroupBy(line => line[0]), thread =>
            Assert.Equal(Enumerable.Range(0, 1_000).Select(i => $"{thread.Key} {i}"), thread)
        );
    }

    [Fact]
    public void What_comes_within_a_moment_is_written_in_one_go()
    {
        using (var writer = new BatchedWriter(_output, Timeout.InfiniteTimeSpan))
        {
            for (var i = 0; i < 10_000; i++)
            {
                Append(writer, "one\n");
                Thread.Yield();
            }
        }

        Assert.Single(_output.Batches);
    }

    [Fact]
    public async Task What_is_as_much_as_may_wait_is_written_at_once()
    {
        using var writer = new BatchedWriter(_output, Timeout.InfiniteTimeSpan);
        Append(writer, "one\n");

        Append(writer, new string('x', BatchedWriter.MostWaiting));

        await _output.Flushed;
        Assert.StartsWith("one\nx", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_output_that_fails_loses_what_it_was_given_and_no_more()
    {
        _output.Failures = 1;
        _output.Hold();

        using (var writer = new BatchedWriter(_output, TimeSpan.Zero))
        {
            Append(writer, "lost\n");
            _output.WaitUntilHeld();
            Append(writer, "kept\n");
            _output.Release();
        }

        Assert.Equal(["kept\n"], _output.Batches);
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
        var (appended, isWaiting) = (1, false);
        _output.Hold();

        using (var writer = new BatchedWriter(_output, TimeSpan.Zero))
        {
            Append(writer, line);
            _output.WaitUntilHeld();
            for (var waiting = 0; waiting < BatchedWriter.MostWaiting; waiting += line.Length)
            {
                Append(writer, line);
                appended++;
            }

            var hasBegun = false;
            var oneMore = new Thread(() =>
            {
                Volatile.Write(ref hasBegun, true);
                Append(writer, line);
            });
            oneMore.Start();
            SpinWait.SpinUntil(() =>
                Volatile.Read(ref hasBegun)
                && (!oneMore.IsAlive || oneMore.ThreadState.HasFlag(ThreadState.WaitSleepJoin))
            );
            isWaiting = oneMore.IsAlive;
            _output.Release();
            oneMore.Join();
        }

        Assert.True(isWaiting);
        Assert.Equal((appended + 1) * line.Length, _output.ToString().Length);
    }

    private static void Append(BatchedWriter writer, string text, bool isUrgent = false) =>
        writer.Append(new StringBuilder(text), isUrgent);
}
