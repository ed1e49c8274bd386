using Microsoft.Extensions.Logging;

namespace BackupFunctions.Testing;

/// <summary>
/// The log of a whole test process, which must contain no secret. Hosts under test add it with <see
/// cref="AddSuiteLog"/>; tests and fakes guard every token, key, password and assertion they make up; <see
/// cref="SuiteLogFixture"/> asserts at the end.
/// </summary>
public static class SuiteLog
{
    public static LogRecorder Recorder { get; } = new();

    /// <inheritdoc cref="LogRecorder.Guard(string)"/>
    public static string Guard(string secret) => Recorder.Guard(secret);

    /// <inheritdoc cref="LogRecorder.Guard(byte[])"/>
    public static byte[] Guard(byte[] secret) => Recorder.Guard(secret);

    /// <inheritdoc cref="LogRecorder.AssertClean"/>
    public static void AssertClean() => Recorder.AssertClean();

    /// <summary>Sends everything to the suite's log too, whatever the levels of other sinks.</summary>
    public static ILoggingBuilder AddSuiteLog(this ILoggingBuilder logging) => logging.AddRecorder(Recorder);

    /// <summary>As <see cref="AddSuiteLog"/>, for a test that reads its own log.</summary>
    public static ILoggingBuilder AddRecorder(this ILoggingBuilder logging, LogRecorder recorder) =>
        logging.AddProvider(recorder).AddFilter<LogRecorder>(null, LogLevel.Trace);
}
