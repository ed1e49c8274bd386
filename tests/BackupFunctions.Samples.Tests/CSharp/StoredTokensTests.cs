using System.Net;
using Azure;
using Azure.Security.KeyVault.Secrets;
using BackupFunctions.Samples.Tests.Serving;
using BackupFunctions.Testing;
using Microsoft.Extensions.Time.Testing;
using Moq;

namespace BackupFunctions.Samples.Tests.CSharp;

public sealed class StoredTokensTests : IClassFixture<HostFixture>, IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 3, 0, 0, TimeSpan.Zero);
    private static readonly string Saved = SuiteLog.Guard("saved-token-of-backup-net");
    private readonly HostFixture _host;
    private readonly Mock<SecretClient> _vault = new();
    private readonly HttpClient _app;
    private readonly StoredTokens _tokens;

    public StoredTokensTests(HostFixture host)
    {
        _host = host;
        _app = new HttpClient { BaseAddress = new Uri(host.Url + "/") };
        _tokens = TokensOf(_app);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(3600)]
    public async Task A_saved_token_with_a_minute_to_live_is_taken(int secondsLeft)
    {
        await AskTheAppAsync();
        Save(Now.AddSeconds(secondsLeft));

        var token = await _tokens.GetAsync("backupnet", "default", CancellationToken.None);

        Assert.Equal(("Bearer", Saved), (token.Authorization.Scheme, token.Authorization.Parameter));
        Assert.Equal(
            (new Uri("https://public-api.backup.net"), "0123456789abcdef"),
            (token.BaseUrl, token.Fingerprint)
        );
    }

    [Fact]
    public async Task A_saved_token_has_the_headers_and_statuses_that_the_app_told_with_the_first()
    {
        Save(Now.AddHours(1), vendor: "veeam-vbr");
        Save(Now.AddHours(1), vendor: "druva");

        var first = await _tokens.GetAsync("veeam-vbr", "default", CancellationToken.None);
        var saved = await _tokens.GetAsync("veeam-vbr", "default", CancellationToken.None);
        await _tokens.GetAsync("druva", "default", CancellationToken.None);
        var druva = await _tokens.GetAsync("druva", "default", CancellationToken.None);

        Assert.Equal((await _host.TokenAsync("veeam-vbr")).Fingerprint, first.Fingerprint);
        Assert.Equal((Saved, Saved), (saved.Authorization.Parameter, druva.Authorization.Parameter));
        Assert.Equal("1.2-rev1", saved.Headers["x-api-version"]);
        Assert.Empty(druva.Headers);
        Assert.Equal([401, 403], druva.RejectedStatuses);
    }

    [Theory]
    [InlineData(59)]
    [InlineData(-3600)]
    [InlineData(null)]
    public async Task A_saved_token_that_ends_within_a_minute_is_left_for_one_of_the_app(int? secondsLeft)
    {
        await AskTheAppAsync();
        Save(secondsLeft is { } seconds ? Now.AddSeconds(seconds) : null);

        var token = await _tokens.GetAsync("backupnet", "default", CancellationToken.None);

        Assert.Equal((await _host.TokenAsync()).Fingerprint, token.Fingerprint);
        Assert.True(_host.BackupNet.IsLive(token.Authorization.Parameter!));
        Assert.Equal(_host.BackupNet.BaseAddress, token.BaseUrl);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(503)]
    [InlineData(0)]
    public async Task The_app_is_asked_where_the_vault_has_no_answer(int status)
    {
        await AskTheAppAsync();
        _vault
            .Setup(vault =>
                vault.GetSecretAsync("backupnet-default-access-token", null, null, It.IsAny<CancellationToken>())
            )
            .ThrowsAsync(new RequestFailedException(status, "No."));

        var token = await _tokens.GetAsync("backupnet", "default", CancellationToken.None);

        Assert.True(_host.BackupNet.IsLive(token.Authorization.Parameter!));
    }

    [Fact]
    public async Task A_vault_that_refuses_the_reader_is_no_secret()
    {
        await AskTheAppAsync();
        _vault
            .Setup(vault =>
                vault.GetSecretAsync("backupnet-default-access-token", null, null, It.IsAny<CancellationToken>())
            )
            .ThrowsAsync(new RequestFailedException(403, "No."));

        var refused = await Assert.ThrowsAsync<RequestFailedException>(() =>
            _tokens.GetAsync("backupnet", "default", CancellationToken.None)
        );

        Assert.Equal(403, refused.Status);
    }

    [Fact]
    public async Task A_token_that_the_vendor_refused_is_replaced_whatever_the_vault_holds()
    {
        await _host.RejectTokenAsync();
        _vault
            .Setup(vault =>
                vault.GetSecretAsync("backupnet-default-access-token", null, null, It.IsAny<CancellationToken>())
            )
            .ThrowsAsync(new RequestFailedException(404, "No."));
        var refused = await _tokens.GetAsync("backupnet", "default", CancellationToken.None);
        Assert.False(_host.BackupNet.IsLive(refused.Authorization.Parameter!));
        Save(Now.AddHours(1));

        var token = await _tokens.ReplaceAsync(refused, CancellationToken.None);

        Assert.NotEqual(refused.Fingerprint, token.Fingerprint);
        Assert.True(_host.BackupNet.IsLive(token.Authorization.Parameter!));
    }

    [Fact]
    public async Task The_apps_own_words_come_with_a_refusal()
    {
        await using var app = (await ScriptedApp.StartAsync()).Answers(
            424,
            "credentials-refused",
            "The vendor refuses the client."
        );
        using var client = new HttpClient { BaseAddress = new Uri(app.Url) };
        var tokens = TokensOf(client);
        Save(Now);

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() =>
            tokens.GetAsync("backupnet", "default", CancellationToken.None)
        );

        Assert.Equal((HttpStatusCode)424, refused.StatusCode);
        Assert.Contains("The vendor refuses the client.", refused.Message, StringComparison.Ordinal);
        Assert.Equal("/api/GetToken/backupnet/default?minimumLifetime=60", Assert.Single(app.Requests).Target);
    }

    public static TheoryData<int, string> BareReplies { get; } = [.. HostFixture.BareReplies];

    [Theory]
    [MemberData(nameof(BareReplies))]
    public async Task A_bare_refusal_of_the_Functions_host_is_explained(int status, string reason)
    {
        await using var app = (await ScriptedApp.StartAsync()).AnswersNothingBut(status);
        using var client = new HttpClient { BaseAddress = new Uri(app.Url) };
        Save(Now);

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() =>
            TokensOf(client).GetAsync("backupnet", "default", CancellationToken.None)
        );

        Assert.Equal($"The app answered {status}: {reason}", refused.Message);
    }

    [Fact]
    public async Task A_vendor_whose_address_nobody_set_has_none()
    {
        await AskTheAppAsync();
        await using var app = (await ScriptedApp.StartAsync()).Answers(
            """{"authorization":"Bearer a-token-without-an-address","base_url":null,"fingerprint":"0123456789abcdef"}"""
        );
        using var client = new HttpClient { BaseAddress = new Uri(app.Url) };
        Save(Now.AddHours(1), baseUrl: null);

        var saved = await _tokens.GetAsync("backupnet", "default", CancellationToken.None);
        var asked = await TokensOf(client).ReplaceAsync(saved, CancellationToken.None);

        Assert.Equal((null, null), (saved.BaseUrl, asked.BaseUrl));
    }

    [Fact]
    public async Task A_token_does_not_print()
    {
        await AskTheAppAsync();
        Save(Now.AddHours(1));

        var token = await _tokens.GetAsync("backupnet", "default", CancellationToken.None);

        Assert.Equal("[token 0123456789abcdef of backupnet/default]", $"{token}");
    }

    public void Dispose() => _app.Dispose();

    private StoredTokens TokensOf(HttpClient app) =>
        new(
            _vault.Object,
            Mock.Of<IHttpClientFactory>(clients => clients.CreateClient(Registration.AppClient) == app),
            new FakeTimeProvider(Now)
        );

    /// <summary>Without the app's first reply no saved token is taken.</summary>
    private Task<VendorToken> AskTheAppAsync() => _tokens.GetAsync("backupnet", "default", CancellationToken.None);

    private void Save(
        DateTimeOffset? expiresOn,
        string? baseUrl = "https://public-api.backup.net",
        string vendor = "backupnet"
    )
    {
        var secret = new KeyVaultSecret($"{vendor}-default-access-token", Saved)
        {
            Properties = { ExpiresOn = expiresOn },
        };
        secret.Properties.Tags["token_type"] = "Bearer";
        if (baseUrl is not null)
            secret.Properties.Tags["base_url"] = baseUrl;
        secret.Properties.Tags["fingerprint"] = "0123456789abcdef";
        _vault
            .Setup(vault => vault.GetSecretAsync(secret.Name, null, null, It.IsAny<CancellationToken>()))
            .ReturnsAsync(Response.FromValue(secret, Mock.Of<Response>()));
    }
}
