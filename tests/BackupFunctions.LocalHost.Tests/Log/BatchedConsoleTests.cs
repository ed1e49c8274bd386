using BackupFunctions.LocalHost.Log;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace BackupFunctions.LocalHost.Tests.Log;

public sealed class BatchedConsoleTests
{
    [Fact]
    public void What_was_logged_is_written_when_the_host_is_disposed()
    {
        using var services = new ServiceCollection().AddLogging(BatchedConsole.AddTo).BuildServiceProvider();
        var output = new SlowOutput();

        using (
            var console = new BatchedConsole(services.GetServices<ConsoleFormatter>(), output, Timeout.InfiniteTimeSpan)
        )
        {
            var logger = console.CreateLogger("Some.Category");
            logger.Log(LogLevel.Warning, 7, "first", exception: null, static (text, _) => text);
            logger.Log(LogLevel.Information, 8, "second", exception: null, static (text, _) => text);
        }

        Assert.Equal(
            $"warn: Some.Category[7] first{Environment.NewLine}info: Some.Category[8] second{Environment.NewLine}",
            output.ToString()
        );
    }

    [Fact]
    public async Task An_error_is_written_at_once_with_its_exception()
    {
        using var services = new ServiceCollection().AddLogging(BatchedConsole.AddTo).BuildServiceProvider();
        var output = new SlowOutput();
        using var console = new BatchedConsole(
            services.GetServices<ConsoleFormatter>(),
            output,
            Timeout.InfiniteTimeSpan
        );

        console
            .CreateLogger("Some.Category")
            .Log(LogLevel.Error, 7, "broke", new InvalidOperationException("why"), static (text, _) => text);

        await output.Flushed;
        Assert.StartsWith(
            "fail: Some.Category[7] broke System.InvalidOperationException: why",
            output.ToString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Fifty_lines_are_one_call_of_the_system()
    {
        var output = new CountingStream();
        using var writer = BatchedConsole.Over(output);

        for (var i = 0; i < 50; i++)
        {
            writer.Write(new string('x', 200));
        }

        writer.Flush();
        Assert.Equal((1, 10_000), (output.Writes, output.Length));
    }

    [Fact]
    public async Task The_program_logs_there_as_the_settings_of_the_consoles_log_say()
    {
        var settings = new Dictionary<string, string>
        {
            ["Logging:Console:FormatterOptions:TimestampFormat"] = "'at' ",
            ["Logging:Console:LogLevel:BackupFunctions.Renewal"] = "None",
        };

        var (exitCode, output) = await LocalHostProcess.RunAsync(["get-token", "backupnet"], settings);

        Assert.Equal(0, exitCode);
        Assert.Contains("at info: BackupFunctions.Audit[1301] local ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Renewed", output, StringComparison.Ordinal);
    }

    private sealed class CountingStream : MemoryStream
    {
        public int Writes { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Writes++;
            base.Write(buffer);
        }
    }
}
