using System.Globalization;

namespace BackupFunctions.Browser.Tests;

/// <summary>What happened to a connection, as GET /api/status?history=true tells it.</summary>
internal sealed record FactHistory(string? BrokenSince, string Quarters, IReadOnlyList<FactEvent> Events)
{
    private const int Length = 96;

    /// <summary>How the histories are read; the letters are the service's own.</summary>
    public static object Key(IEnumerable<string> vendors) =>
        new
        {
            From = Text(Fact.Now.AddMinutes((1 - Length) * 15)),
            QuarterSeconds = 900,
            Outcomes = new[]
            {
                Outcome(".", "nothing"),
                Outcome("r", "renewed"),
                Outcome("s", "signed-out"),
                Outcome("u", "failed", "vendor-unavailable"),
                Outcome("m", "failed", "credential-missing"),
                Outcome("e", "failed", "enrolment-needed"),
                Outcome("c", "refused", "credentials-refused"),
            },
            Vendors = vendors.Distinct().Select(vendor => new { Vendor = vendor, DisplayName = NameOf(vendor) }),
        };

    /// <summary>A connection that was renewed every hour and then failed, or was signed out, for some quarters.</summary>
    public static FactHistory Lasting(char letter, int quarters, params IReadOnlyList<FactEvent> events)
    {
        var well = string.Concat(Enumerable.Range(0, Length).Select(index => index % 4 == 1 ? 'r' : '.'));
        var begins = Fact.Now.AddMinutes((1 - quarters) * 15);
        return new FactHistory(
            letter is 'r' or 's' or '.' ? null : Text(begins),
            well[..(Length - quarters)] + new string(letter, quarters),
            [new FactEvent(Text(Fact.Now.AddHours(-9)), "renewed", "caller") { Name = "Nightly report" }, .. events]
        );
    }

    /// <summary>What fits a state.</summary>
    public static FactHistory Of(Fact fact) =>
        fact.State switch
        {
            "healthy" or "renewing" => Lasting('.', 2, Event("renewed", "timer")),
            "refused" when fact.LastFailure?.Type.EndsWith("missing", StringComparison.Ordinal) == true => Lasting(
                'm',
                9,
                Event("failed", "timer", "credential-missing")
            ),
            "refused" => Lasting(
                'c',
                9,
                Event("refused", "timer", "credentials-refused"),
                Event("refused", "refresh", "credentials-refused") with
                {
                    Name = "ann@contoso.com",
                }
            ),
            "backing-off" => Lasting('u', 25, Event("failed", "timer", "vendor-unavailable")),
            "enrolment-needed" => Lasting('e', 30, Event("failed", "caller", "enrolment-needed")),
            "signed-out" => Lasting('s', 13, Event("signed-out", "sign-out") with { Name = "bob@contoso.com" }),
            _ => new FactHistory(null, new string('.', Length), []),
        };

    private static FactEvent Event(string outcome, string cause, string? problem = null) =>
        new(Text(Fact.Now.AddMinutes(-40)), outcome, cause)
        {
            Problem = problem is null ? null : $"urn:backupfunctions:problem:{problem}",
        };

    private static object Outcome(string letter, string outcome, string? problem = null) =>
        new
        {
            Letter = letter,
            Outcome = outcome,
            Problem = problem is null ? null : $"urn:backupfunctions:problem:{problem}",
        };

    private static string NameOf(string vendor) =>
        vendor switch
        {
            "acronis" => "Acronis",
            "acronis-cyberapp" => "Acronis CyberApp",
            "avepoint" => "AvePoint",
            "backupnet" => "backup.net",
            "veeam" => "Veeam",
            _ => vendor,
        };

    private static string Text(DateTimeOffset instant) =>
        instant.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

/// <summary>One event of a history.</summary>
internal sealed record FactEvent(string At, string Outcome, string Cause)
{
    public string? Problem { get; init; }

    public string? Name { get; init; }
}
