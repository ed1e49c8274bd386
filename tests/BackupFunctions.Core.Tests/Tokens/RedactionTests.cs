using BackupFunctions.Credentials;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Tokens;

public sealed class RedactionTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly AccessToken Access = new(
        SuiteLog.Guard("a-token-not-to-be-seen"),
        "backup",
        Noon,
        Noon.AddHours(1)
    );
    private static readonly RefreshToken Refresh = new(SuiteLog.Guard("a-refresh-token-not-to-be-seen"), Noon, null);
    private static readonly SecretText Secret = new(SuiteLog.Guard("a-secret-not-to-be-seen"));

    public static TheoryData<string, string> Printed =>
        new(
            (nameof(AccessToken), $"{Access}"),
            (nameof(RefreshToken), $"{Refresh}"),
            (nameof(SecretText), $"{Secret}"),
            (nameof(Credential), $"{new Credential("v1", Secret, null)}"),
            (nameof(TokenGrant), $"{new TokenGrant(Access, Refresh)}")
        );

    [Theory]
    [MemberData(nameof(Printed))]
    public void Secrets_and_tokens_print_as_redacted(string type, string printed)
    {
        // The name makes each case one of its own: two that print alike would be taken for one.
        Assert.True(printed.Contains("[redacted]", StringComparison.Ordinal), type);
        Assert.DoesNotContain("not-to-be-seen", printed, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_but_Reveal_gives_the_secret_away()
    {
        Assert.Equal("a-token-not-to-be-seen", Access.Reveal());
        Assert.Equal("a-refresh-token-not-to-be-seen", Refresh.Reveal());
        Assert.Equal("a-secret-not-to-be-seen", Secret.Reveal());
        Assert.DoesNotContain(
            new[] { typeof(AccessToken), typeof(RefreshToken), typeof(SecretText) }.SelectMany(type =>
                type.GetMethods()
            ),
            method => method.Name is "op_Implicit" or "op_Explicit"
        );
    }

    [Fact]
    public void A_fingerprint_is_the_first_16_hex_digits_of_the_SHA_256()
    {
        // FIPS 180-4's example: SHA-256 of "abc".
        Assert.Equal("ba7816bf8f01cfea", Fingerprint.Of("abc"));
    }

    [Theory]
    [InlineData("ba7816bf8f01cfea", true)]
    [InlineData("BA7816BF8F01CFEA", true)]
    [InlineData("ba7816bf8f01cfe", false)]
    [InlineData("ba7816bf8f01cfeaa", false)]
    [InlineData("ba7816bf8f01cfeg", false)]
    [InlineData("", false)]
    public void A_fingerprint_is_16_hex_digits_in_either_case(string text, bool isOne) =>
        Assert.Equal(isOne, Fingerprint.IsWellFormed(text));

    [Fact]
    public void A_token_is_neither_empty_nor_dead_at_birth()
    {
        Assert.Throws<ArgumentException>(() => new AccessToken("", null, Noon, Noon.AddHours(1)));
        Assert.Throws<ArgumentException>(() => new AccessToken("a-token", null, Noon, Noon));
        Assert.Throws<ArgumentException>(() => new RefreshToken("", Noon, null));
    }
}
