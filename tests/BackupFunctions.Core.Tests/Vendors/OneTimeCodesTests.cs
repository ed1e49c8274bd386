using BackupFunctions.Clocks;
using BackupFunctions.Connections;
using BackupFunctions.Core.Tests.SignIn;
using BackupFunctions.SignIn;
using BackupFunctions.SignIn.Transport;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Time.Testing;

namespace BackupFunctions.Core.Tests.Vendors;

public sealed class OneTimeCodesTests
{
    private static readonly ConnectionKey Key = new("veeam", "default");
    private static readonly Uri Appliance = new("https://203.0.113.10");

    // RFC 6238 appendix B: the ASCII secret 12345678901234567890 in Base32.
    private static readonly string RfcSecret = SuiteLog.Guard("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");

    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public async Task Codes_are_those_of_the_test_vectors_of_the_standard(long unixSeconds, string expected)
    {
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(unixSeconds));
        var codes = new OneTimeCodes(new VendorClocks(new HostClock(time)), time);

        var code = await codes.NextAsync(
            Key,
            Appliance,
            new SecretText(RfcSecret),
            usedElsewhere: null,
            CancellationToken.None
        );

        Assert.Equal(expected, code.Code);
    }

    [Theory]
    [InlineData("gezdgnbvgy3tqojqgezdgnbvgy3tqojq")]
    [InlineData("GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ")]
    [InlineData("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ======")]
    public async Task Blanks_case_and_padding_of_the_secret_do_not_matter(string secret)
    {
        var bench = new Bench();

        var code = await Codes(bench)
            .NextAsync(Key, Appliance, new SecretText(secret), usedElsewhere: null, CancellationToken.None);

        Assert.Equal(
            await Codes(bench)
                .NextAsync(Key, Appliance, new SecretText(RfcSecret), usedElsewhere: null, CancellationToken.None),
            code
        );
    }

    [Theory]
    [InlineData("GEZDGNBVGY3TQOJ1")]
    [InlineData("correct-horse-battery-staple")]
    [InlineData("otpauth://totp/x?secret=GEZDGNBV")]
    [InlineData("GEZDGNBVGY3TQOJÜ")]
    [InlineData("========")]
    [InlineData("        ")]
    public async Task A_secret_that_is_no_base32_is_a_missing_credential_and_not_shown(string secret)
    {
        if (secret.Any(char.IsAsciiLetterOrDigit))
            SuiteLog.Guard(secret);

        var failure = await Bench.FailureAsync(() =>
            Codes(new Bench())
                .NextAsync(Key, Appliance, new SecretText(secret), usedElsewhere: null, CancellationToken.None)
        );

        Assert.Equal(FailureKind.CredentialMissing, failure.Kind);
        Assert.Contains("veeam/default", failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_step_is_used_once_and_the_next_code_waits_for_the_next_step()
    {
        var bench = new Bench();
        var codes = Codes(bench);
        bench.Time.Advance(TimeSpan.FromSeconds(11));

        var first = await codes.NextAsync(
            Key,
            Appliance,
            new SecretText(RfcSecret),
            usedElsewhere: null,
            CancellationToken.None
        );
        var second = await codes.NextAsync(
            Key,
            Appliance,
            new SecretText(RfcSecret),
            usedElsewhere: null,
            CancellationToken.None
        );

        Assert.NotEqual(first, second);
        Assert.Equal([TimeSpan.FromSeconds(19)], bench.Time.Waits);
    }

    [Fact]
    public async Task A_step_that_another_process_used_is_not_used_again()
    {
        var bench = new Bench();

        var (step, _) = await Codes(bench)
            .NextAsync(Key, Appliance, new SecretText(RfcSecret), StepAtNoon, CancellationToken.None);

        Assert.Equal(StepAtNoon + 1, step);
        Assert.Equal([TimeSpan.FromSeconds(30)], bench.Time.Waits);
    }

    [Fact]
    public async Task Steps_are_used_up_per_account()
    {
        var bench = new Bench();
        var codes = Codes(bench);

        var first = await codes.NextAsync(
            Key,
            Appliance,
            new SecretText(RfcSecret),
            usedElsewhere: null,
            CancellationToken.None
        );
        var other = await codes.NextAsync(
            Key with
            {
                Connection = "other",
            },
            Appliance,
            new SecretText(RfcSecret),
            usedElsewhere: null,
            CancellationToken.None
        );

        Assert.Equal(first, other);
        Assert.Empty(bench.Time.Waits);
        Assert.True(codes.HasUsed(Key));
        Assert.False(codes.HasUsed(Key with { Connection = "third" }));
    }

    [Theory]
    [InlineData(-7)]
    [InlineData(7)]
    public async Task Steps_are_on_the_vendors_clock(int minutesAhead)
    {
        var bench = new Bench();
        bench.Clocks.Observe(Appliance, TestTime.Noon.AddMinutes(minutesAhead), bench.Time.GetTimestamp());
        var there = new FakeTimeProvider(TestTime.Noon.AddMinutes(minutesAhead));

        var code = await Codes(bench)
            .NextAsync(Key, Appliance, new SecretText(RfcSecret), usedElsewhere: null, CancellationToken.None);

        Assert.Equal(
            await new OneTimeCodes(new VendorClocks(new HostClock(there)), there).NextAsync(
                Key,
                Appliance,
                new SecretText(RfcSecret),
                usedElsewhere: null,
                CancellationToken.None
            ),
            code
        );
    }

    [Fact]
    public async Task A_clock_that_is_set_back_uses_no_step_twice_and_holds_nobody_up()
    {
        var bench = new Bench();
        var codes = Codes(bench);
        bench.Clocks.Observe(Appliance, TestTime.Noon.AddHours(1), bench.Time.GetTimestamp());
        await codes.NextAsync(Key, Appliance, new SecretText(RfcSecret), usedElsewhere: null, CancellationToken.None);

        bench.Clocks.Observe(Appliance, TestTime.Noon, bench.Time.GetTimestamp());
        await codes.NextAsync(Key, Appliance, new SecretText(RfcSecret), usedElsewhere: null, CancellationToken.None);
        var waited = bench.Time.Waits.Count;
        await codes.NextAsync(Key, Appliance, new SecretText(RfcSecret), usedElsewhere: null, CancellationToken.None);

        Assert.Equal(0, waited);
        Assert.Equal([TimeSpan.FromSeconds(30)], bench.Time.Waits);
    }

    private static long StepAtNoon => TestTime.Noon.ToUnixTimeSeconds() / 30;

    private static OneTimeCodes Codes(Bench bench) => new(bench.Clocks, bench.Time);
}
