using System.Text;
using BackupFunctions.Testing;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Core.Tests.Testing;

public sealed class LogRecorderTests : IDisposable
{
    private const string Secret = "p+ss/w\"rd of ü sort";
    private readonly LogRecorder _recorder = new();
    private readonly ILoggerFactory _factory;
    private readonly ILogger _log;

    public LogRecorderTests()
    {
        _factory = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Warning).AddRecorder(_recorder));
        _log = _factory.CreateLogger("Some.Category");
        _recorder.Guard(Secret);
    }

    public static TheoryData<string> Forms =>
        new(
            Secret,
            "https://vendor/?password=" + Uri.EscapeDataString(Secret),
            "password=" + System.Net.WebUtility.UrlEncode(Secret),
            "Authorization: Basic " + Base64($"i:{Secret}"),
            "Authorization: Basic " + Base64($"id:{Secret}"),
            "Authorization: Basic " + Base64($"id1:{Secret}:and more"),
            "Authorization: Basic " + Base64($"id:{Uri.EscapeDataString(Secret)}"),
            System.Text.Json.JsonSerializer.Serialize(new { password = Secret })
        );

    public void Dispose() => _factory.Dispose();

    [Theory]
    [InlineData("BackupFunctions.Audit", null, true)]
    [InlineData("BackupFunctions.Audit", "x", false)]
    [InlineData("Microsoft.AspNetCore.Hosting", null, false)]
    public void Finds_a_hole_in_a_line_of_ours(string category, string? value, bool isHole)
    {
        _factory.CreateLogger(category).LogInformation("Token for tenant {Tenant}", value);

        Assert.Equal(isHole, Record.Exception(_recorder.AssertClean) is InvalidOperationException);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Finds_a_secret_in_whatever_form_it_was_written(string text)
    {
        _log.LogTrace("{Text}", text);

        Assert.Contains(_recorder.FindLeaks(), leak => leak.Place == "message");
    }

    [Fact]
    public void Names_the_event_and_the_fingerprint_but_never_the_secret()
    {
        _log.LogInformation(new EventId(1001), "Signing in with {Password}", Secret);

        var thrown = Assert.Throws<SecretLeakException>(_recorder.AssertClean);

        Assert.Contains("Some.Category 1001", thrown.Message, StringComparison.Ordinal);
        Assert.Contains(LogRecorder.FingerprintOf(Secret), thrown.Message, StringComparison.Ordinal);
        Assert.Contains("Signing in with [secret]", thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, thrown.Message, StringComparison.Ordinal);
        Assert.Equal(["message", "value Password"], thrown.Leaks.Select(leak => leak.Place));
    }

    [Fact]
    public void Finds_a_secret_in_an_inner_exception()
    {
        _log.LogError(
            new InvalidOperationException("outer", new AggregateException(new FormatException($"bad: {Secret}"))),
            "Failed"
        );

        var leak = Assert.Single(_recorder.FindLeaks());

        Assert.Equal("exception", leak.Place);
    }

    [Fact]
    public void Finds_a_secret_in_a_scope()
    {
        using (_log.BeginScope(new Dictionary<string, object> { ["Header"] = new[] { "Bearer", Secret } }))
            _log.LogDebug("Renewing");
        _log.LogDebug("Renewed");

        var leak = Assert.Single(_recorder.FindLeaks());

        Assert.Equal("scope", leak.Place);
    }

    [Fact]
    public void Finds_a_secret_in_a_value_that_the_message_does_not_show()
    {
        var state = new List<KeyValuePair<string, object?>> { new("Body", Encoding.UTF8.GetBytes(Secret)) };
        _log.Log(LogLevel.Trace, default, state, null, (_, _) => "Posted");

        var leak = Assert.Single(_recorder.FindLeaks());

        Assert.Equal("value Body", leak.Place);
    }

    [Fact]
    public void Finds_a_secret_that_became_known_after_the_event()
    {
        _log.LogInformation("Got {Token}", "a-token-of-tomorrow");

        Assert.Empty(_recorder.FindLeaks());
        _recorder.Guard("a-token-of-tomorrow");

        Assert.NotEmpty(_recorder.FindLeaks());
    }

    [Fact]
    public void Still_reports_a_leak_in_events_that_it_had_to_forget()
    {
        var small = new LogRecorder(maxCharacters: 1000);
        small.Guard(Secret);
        using var factory = LoggerFactory.Create(logging => logging.AddRecorder(small));
        var log = factory.CreateLogger("Chatty");

        log.LogInformation("Leaking {Secret}", Secret);
        for (var i = 0; i < 100; i++)
            log.LogInformation("Event number {Number}", i);

        Assert.InRange(small.Events.Count, 1, 99);
        Assert.NotEmpty(small.FindLeaks());
    }

    [Fact]
    public void Is_clean_when_only_fingerprints_were_logged()
    {
        _log.LogInformation("Renewed {Fingerprint}", LogRecorder.FingerprintOf(Secret));

        _recorder.AssertClean();
    }

    [Fact]
    public void Refuses_to_guard_what_stands_in_many_texts_by_chance() =>
        Assert.Throws<ArgumentException>(() => _recorder.Guard("123456"));

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
