using BackupFunctions.Core.Tests.SignIn;
using BackupFunctions.Credentials;
using BackupFunctions.SignIn;
using BackupFunctions.Tokens;
using Moq;

namespace BackupFunctions.Core.Tests.Credentials;

public sealed class CredentialVersionsTests
{
    private static readonly CredentialName Password = new("connection-office")
    {
        Member = "password",
        Definition = "d",
    };
    private static readonly CredentialName TotpSecret = new("connection-office", IsOptional: true)
    {
        Member = "totpSecret",
        Definition = "d",
    };

    private readonly Dictionary<CredentialName, string?> _vault = new() { [Password] = "v1", [TotpSecret] = null };
    private readonly Mock<ICredentialSource> _credentials = new();

    public CredentialVersionsTests()
    {
        _credentials
            .Setup(source =>
                source.FindAsync(It.IsAny<CredentialName>(), It.IsAny<bool>(), It.IsAny<CancellationToken>())
            )
            .Returns(
                (CredentialName name, bool _, CancellationToken _) =>
                    ValueTask.FromResult(
                        _vault[name] is { } version ? new Credential(version, new SecretText("secret"), null) : null
                    )
            );
    }

    [Fact]
    public async Task The_parts_of_one_secret_are_compared_one_by_one()
    {
        var used = await UsedAsync();

        Assert.False(await HaveChangedAsync(used));
        _vault[TotpSecret] = "v1";
        Assert.True(await HaveChangedAsync(used));
        (_vault[TotpSecret], _vault[Password]) = (null, "v2");
        Assert.True(await HaveChangedAsync(used));
    }

    [Fact]
    public async Task A_connection_that_is_defined_elsewhere_by_now_has_other_credentials()
    {
        Assert.True(await HaveChangedAsync("veeam-office-password=v1;veeam-office-totp-secret=none"));
        Assert.False(await HaveChangedAsync(""));
    }

    [Theory]
    [InlineData("no version at all")]
    [InlineData("connection-office#password=v1;;=;connection-office#totpSecret")]
    [InlineData("connection-office#password=v0;connection-office#password=v1")]
    public async Task What_is_no_version_in_a_stored_text_is_no_reason_to_try_again(string used)
    {
        Assert.False(await HaveChangedAsync(used));
    }

    private async Task<string> UsedAsync()
    {
        var signIn = new SignInContext(Bench.Pinned(), _credentials.Object, newest: false, new RefusalBudget());
        await signIn.GetAsync(Password, TestContext.Current.CancellationToken);
        await signIn.FindAsync(TotpSecret, TestContext.Current.CancellationToken);
        return signIn.CredentialVersion;
    }

    private Task<bool> HaveChangedAsync(string used) =>
        CredentialVersions.HaveChangedAsync(
            [Password, TotpSecret],
            _credentials.Object,
            used,
            TestContext.Current.CancellationToken
        );
}
