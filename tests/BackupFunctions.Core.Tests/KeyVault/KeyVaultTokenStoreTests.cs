using System.Text.Json.Nodes;
using Azure;
using Azure.Identity;
using Azure.Security.KeyVault.Secrets;
using BackupFunctions.Connections;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Core.Tests.SignIn;
using BackupFunctions.Credentials;
using BackupFunctions.Emulators;
using BackupFunctions.KeyVault;
using BackupFunctions.State;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;
using Microsoft.Extensions.Logging;
using Moq;
using AccessToken = BackupFunctions.Tokens.AccessToken;

namespace BackupFunctions.Core.Tests.KeyVault;

public sealed class KeyVaultTokenStoreTests : IDisposable
{
    private static readonly string Value = SuiteLog.Guard("vault-access-token-1");

    private readonly TestTime _time = new() { TimersFireAtOnce = true };
    private readonly EmulatedVault _tokenVault;
    private readonly EmulatedVault _credentialVault;
    private readonly LogRecorder _log = new();
    private readonly ILoggerFactory _logs;

    public KeyVaultTokenStoreTests()
    {
        (_tokenVault, _credentialVault) = (new EmulatedVault(_time), new EmulatedVault(_time));
        _logs = LoggerFactory.Create(logging => logging.AddProvider(_log).AddSuiteLog());
    }

    public void Dispose() => _logs.Dispose();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static AccessToken Token => new(Value, "a-scope", TestTime.Noon, TestTime.Noon.AddMinutes(15));

    private static RefreshToken Refresh =>
        new(SuiteLog.Guard("vault-refresh-token-1"), TestTime.Noon, TestTime.Noon.AddDays(14));

    [Fact]
    public async Task An_access_token_is_kept_in_the_token_vault_in_the_contracts_layout()
    {
        await Store().SaveAccessTokenAsync(Connection(), Token, WritePriority.Caller, Cancel);

        Assert.Equal(["PUT /secrets/veeam-office-access-token"], _tokenVault.Calls);
        Assert.Empty(_credentialVault.Calls);
        var body = Assert.Single(_tokenVault.Written);
        Assert.Equal(Value, (string?)body["value"]);
        Assert.Equal("application/vnd.oauth.access-token", (string?)body["contentType"]);
        Assert.Equal(TestTime.Noon.AddMinutes(15).ToUnixTimeSeconds(), (long?)body["attributes"]!["exp"]);
        Assert.Equal(TestTime.Noon.ToUnixTimeSeconds(), (long?)body["attributes"]!["nbf"]);
        Assert.Equal(
            [
                ("base_url", "https://203.0.113.10"),
                ("connection", "office"),
                ("fingerprint", Fingerprint.Of(Value)),
                ("scope", "a-scope"),
                ("token_type", "Bearer"),
                ("vendor", "veeam"),
            ],
            Tags(body)
        );
    }

    [Theory]
    [InlineData("a token with spaces")]
    [InlineData("a-token\r\nX-Other: header")]
    [InlineData("a-token-with-\u00f6")]
    public async Task A_token_that_no_header_can_carry_is_none(string value)
    {
        await Store()
            .SaveAccessTokenAsync(
                Connection(),
                new AccessToken(SuiteLog.Guard(value), null, TestTime.Noon, TestTime.Noon.AddMinutes(15)),
                WritePriority.Caller,
                Cancel
            );

        Assert.Null(await Store().ReadAccessTokenAsync(Connection(), Cancel));
    }

    [Fact]
    public async Task A_refresh_token_does_not_wait_for_the_write_limit_but_counts()
    {
        var time = new TestTime();
        var limiter = new VaultWriteLimiter(1, time);
        await limiter.WaitAsync(WritePriority.Caller, Cancel);
        var logger = _logs.CreateLogger<KeyVaultTokenStore>();
        var (tokens, credentials) = (_tokenVault.Client(), _credentialVault.Client());
        var store = new KeyVaultTokenStore(tokens, credentials, time, logger, limiter, limiter);

        var save = store.SaveRefreshTokenAsync(Connection(), Refresh, Cancel);
        var wait = time.NextWaitAsync(Cancel).AsTask();

        Assert.Same(save, await Task.WhenAny(save, wait));
        Assert.Equal(["PUT /secrets/veeam-office-refresh-token"], _credentialVault.Calls);
    }

    [Fact]
    public async Task Tokens_are_removed_from_both_vaults_and_saved_again_afterwards()
    {
        var store = Store();
        await store.SaveAccessTokenAsync(Connection(), Token, WritePriority.Caller, Cancel);
        await store.SaveRefreshTokenAsync(Connection(), Refresh, Cancel);

        await store.RemoveAsync(Connection(), Cancel);
        await store.SaveAccessTokenAsync(Connection(), Token, WritePriority.Caller, Cancel);

        Assert.Equal(
            ["PUT /secrets/veeam-office-refresh-token", "DELETE /secrets/veeam-office-refresh-token"],
            _credentialVault.Calls
        );
        Assert.Equal(
            [
                "PUT /secrets/veeam-office-access-token",
                "DELETE /secrets/veeam-office-access-token",
                "PUT /secrets/veeam-office-access-token",
                "POST /deletedsecrets/veeam-office-access-token/recover",
                "PUT /secrets/veeam-office-access-token",
            ],
            _tokenVault.Calls
        );
    }

    [Fact]
    public async Task Where_there_is_no_token_nothing_is_removed_and_that_is_no_fault()
    {
        await Store().RemoveAsync(Connection(), Cancel);

        Assert.Equal(["DELETE /secrets/veeam-office-access-token"], _tokenVault.Calls);
    }

    [Fact]
    public async Task A_vault_that_lets_nothing_be_deleted_says_so()
    {
        _credentialVault.Refuse(Endpoints.Delete, 403);

        var failure = await FailureOfAsync(() => Store().RemoveAsync(Connection(), Cancel));

        Assert.Equal(FailureKind.VaultAccessDenied, failure.Kind);
    }

    [Fact]
    public async Task A_list_tells_of_saved_tokens_25_in_a_call_and_reads_none()
    {
        await Store().SaveAccessTokenAsync(Connection(), Token, WritePriority.Caller, Cancel);
        foreach (var number in Enumerable.Range(0, 60))
        {
            _tokenVault.Add($"another-{number:00}", "not asked for");
        }

        var found = await Store().ListAccessTokensAsync([Connection()], Cancel);

        Assert.Equal([KeyValuePair.Create(Connection().Key, Token.Metadata)], found);
        Assert.Equal(["GET /secrets", "GET /secrets", "GET /secrets"], _tokenVault.Calls.Skip(1));
    }

    [Theory]
    [InlineData("base_url", "https://203.0.113.99")]
    [InlineData("connection", "another")]
    [InlineData("fingerprint", "no fingerprint")]
    public async Task What_is_no_token_of_this_connection_is_not_told_of(string tag, string value)
    {
        await Store().SaveAccessTokenAsync(Connection(), Token, WritePriority.Caller, Cancel);
        _tokenVault.Faults.Add(Endpoints.List, Fault.EditReply(page => page["value"]![0]!["tags"]![tag] = value));

        Assert.Empty(await Store().ListAccessTokensAsync([Connection()], Cancel));
    }

    [Fact]
    public async Task A_vault_that_may_not_be_listed_says_so()
    {
        _tokenVault.Refuse(Endpoints.List, 403);

        var thrown = await Assert.ThrowsAsync<TokenException>(() =>
            Store().ListAccessTokensAsync([Connection()], Cancel)
        );

        Assert.Equal(FailureKind.VaultAccessDenied, thrown.Failure.Kind);
    }

    [Fact]
    public async Task A_refresh_token_is_kept_in_the_credential_vault_and_never_in_the_other()
    {
        await Store().SaveRefreshTokenAsync(Connection(), Refresh, Cancel);

        Assert.Empty(_tokenVault.Calls);
        Assert.Equal(["PUT /secrets/veeam-office-refresh-token"], _credentialVault.Calls);
        var body = Assert.Single(_credentialVault.Written);
        Assert.Equal(Refresh.Reveal(), (string?)body["value"]);
        Assert.Equal(TestTime.Noon.AddDays(14).ToUnixTimeSeconds(), (long?)body["attributes"]!["exp"]);
        Assert.Equal(
            ["base_url", "connection", "fingerprint", "token_type", "vendor"],
            Tags(body).Select(tag => tag.Name)
        );
    }

    [Fact]
    public async Task Neither_a_missing_base_url_nor_a_scope_beyond_a_tags_length_stands_in_the_way()
    {
        var token = new AccessToken(Value, new string('s', 300), TestTime.Noon, TestTime.Noon.AddMinutes(15));

        await Store().SaveAccessTokenAsync(Connection(baseUrl: null), token, WritePriority.Caller, Cancel);

        var tags = Tags(Assert.Single(_tokenVault.Written)).ToDictionary(tag => tag.Name, tag => tag.Value);
        Assert.DoesNotContain("base_url", tags.Keys);
        Assert.Equal(256, tags["scope"].Length);
    }

    [Fact]
    public async Task What_was_saved_reads_back_as_it_was()
    {
        await Store().SaveAccessTokenAsync(Connection(), Token, WritePriority.Caller, Cancel);
        await Store().SaveRefreshTokenAsync(Connection(), Refresh, Cancel);

        var token = await Store().ReadAccessTokenAsync(Connection(), Cancel);
        var refresh = await Store().ReadRefreshTokenAsync(Connection(), Cancel);

        Assert.Equal(
            (Value, "a-scope", TestTime.Noon, TestTime.Noon.AddMinutes(15)),
            (token!.Reveal(), token.Scope, token.IssuedAt, token.ExpiresAt)
        );
        Assert.Equal((Refresh.Reveal(), TestTime.Noon.AddDays(14)), (refresh!.Reveal(), refresh.ExpiresAt));
    }

    [Theory]
    [InlineData(600)]
    [InlineData(1)]
    [InlineData(0)]
    [InlineData(-600)] // It seems older than it is, which only costs a renewal.
    public async Task A_token_saved_by_a_host_whose_clock_is_wrong_does_not_live_longer_here(int ahead)
    {
        var saved = TestTime.Noon.AddSeconds(ahead);
        var token = new AccessToken(Value, null, saved, saved.AddMinutes(15));
        await Store().SaveAccessTokenAsync(Connection(), token, WritePriority.Caller, Cancel);

        var read = await Store().ReadAccessTokenAsync(Connection(), Cancel);
        var listed = await Store().ListAccessTokensAsync([Connection()], Cancel);

        Assert.Equal(TestTime.Noon.AddMinutes(15).AddSeconds(Math.Min(ahead, 0)), read!.ExpiresAt);
        Assert.Equal(TimeSpan.FromMinutes(15), read.Lifetime);
        Assert.Equal(
            (read.IssuedAt, read.ExpiresAt),
            (listed[Connection().Key].IssuedAt, listed[Connection().Key].ExpiresAt)
        );
    }

    [Fact]
    public async Task An_unchanged_token_is_not_written_again_whether_it_was_saved_or_read()
    {
        var writer = Store();
        await writer.SaveAccessTokenAsync(Connection(), Token, WritePriority.Caller, Cancel);
        await writer.SaveAccessTokenAsync(Connection(), Token, WritePriority.Caller, Cancel);
        var reader = Store();
        await reader.ReadAccessTokenAsync(Connection(), Cancel);
        await reader.SaveAccessTokenAsync(Connection(), Token, WritePriority.Caller, Cancel);

        Assert.Single(_tokenVault.Written);
    }

    [Fact]
    public async Task A_changed_or_vanished_token_is_written()
    {
        var store = Store();
        await store.SaveAccessTokenAsync(Connection(), Token, WritePriority.Caller, Cancel);
        await store.SaveAccessTokenAsync(
            Connection(),
            new AccessToken("another-token", null, TestTime.Noon, TestTime.Noon.AddHours(1)),
            WritePriority.Caller,
            Cancel
        );
        _tokenVault.Refuse(Endpoints.Get, 404);
        await store.ReadAccessTokenAsync(Connection(), Cancel);
        await store.SaveAccessTokenAsync(
            Connection(),
            new AccessToken("another-token", null, TestTime.Noon, TestTime.Noon.AddHours(1)),
            WritePriority.Caller,
            Cancel
        );

        Assert.Equal(3, _tokenVault.Written.Count);
    }

    [Fact]
    public async Task A_token_whose_save_failed_is_written_when_it_is_tried_again()
    {
        var store = Store();
        _tokenVault.Refuse(Endpoints.Set, 503);
        await Bench.FailureAsync(() => store.SaveAccessTokenAsync(Connection(), Token, WritePriority.Caller, Cancel));
        _tokenVault.Faults.Clear();

        await store.SaveAccessTokenAsync(Connection(), Token, WritePriority.Caller, Cancel);

        Assert.Equal(2, _tokenVault.Written.Count);
    }

    public static TheoryData<string> Tampering =>
        ["fingerprint", "vendor", "connection", "no tags", "value", "empty value", "no exp", "exp before nbf"];

    [Theory]
    [MemberData(nameof(Tampering))]
    public async Task A_tampered_or_foreign_secret_is_no_token_and_is_overwritten(string how)
    {
        await Store().SaveAccessTokenAsync(Connection(), Token, WritePriority.Caller, Cancel);
        _tokenVault.Faults.Add(Endpoints.Get, Fault.EditReply(bundle => Tamper(bundle, how)), times: 1);
        var store = Store();

        var read = await store.ReadAccessTokenAsync(Connection(), Cancel);
        await store.SaveAccessTokenAsync(Connection(), Token, WritePriority.Caller, Cancel);

        Assert.Null(read);
        Assert.Equal(2, _tokenVault.Written.Count);
        Assert.NotNull(await store.ReadAccessTokenAsync(Connection(), Cancel));
    }

    [Fact]
    public async Task Whoever_aims_a_connection_at_another_server_gets_no_token_of_the_old_one()
    {
        await Store().SaveAccessTokenAsync(Connection(), Token, WritePriority.Caller, Cancel);
        await Store().SaveRefreshTokenAsync(Connection(), Refresh, Cancel);
        var elsewhere = Connection(baseUrl: "https://evil.example");

        Assert.Null(await Store().ReadAccessTokenAsync(elsewhere, Cancel));
        Assert.Null(await Store().ReadRefreshTokenAsync(elsewhere, Cancel));
        Assert.Null(await Store().ReadAccessTokenAsync(Connection(baseUrl: null), Cancel));
    }

    [Fact]
    public async Task Another_connections_refresh_token_is_not_taken()
    {
        await Store().SaveRefreshTokenAsync(Connection(), Refresh, Cancel);
        _credentialVault.Faults.Add(Endpoints.Get, Fault.EditReply(bundle => bundle["tags"]!["connection"] = "branch"));

        Assert.Null(await Store().ReadRefreshTokenAsync(Connection(), Cancel));
    }

    [Fact]
    public async Task An_absent_or_disabled_secret_is_no_token()
    {
        var absent = await Store().ReadAccessTokenAsync(Connection(), Cancel);
        await Store().SaveAccessTokenAsync(Connection(), Token, WritePriority.Caller, Cancel);
        _tokenVault.Secrets.Disable("veeam-office-access-token");
        var disabled = await Store().ReadAccessTokenAsync(Connection(), Cancel);

        Assert.Null(absent);
        Assert.Null(disabled);
    }

    [Fact]
    public async Task A_deleted_secret_is_recovered_and_then_written()
    {
        await Store().SaveAccessTokenAsync(Connection(), Token, WritePriority.Caller, Cancel);
        _tokenVault.Secrets.Delete("veeam-office-access-token");
        _tokenVault.Emulator.RecoverPolls = 1;

        await Store().SaveAccessTokenAsync(Connection(), Token, WritePriority.Caller, Cancel);

        Assert.Equal(3, _tokenVault.Written.Count - 1);
        Assert.Equal([TimeSpan.FromSeconds(1)], _time.Waits);
        Assert.Equal(Value, _tokenVault.Secrets.Get("veeam-office-access-token")!.Value);
    }

    [Fact]
    public async Task A_name_that_stays_taken_is_an_unavailable_vault_after_some_tries()
    {
        await Store().SaveAccessTokenAsync(Connection(), Token, WritePriority.Caller, Cancel);
        _tokenVault.Emulator.DeletePolls = int.MaxValue;
        _tokenVault.Secrets.Delete("veeam-office-access-token");

        var failure = await Bench.FailureAsync(() =>
            Store().SaveAccessTokenAsync(Connection(), Token, WritePriority.Caller, Cancel)
        );

        Assert.Equal(FailureKind.VaultUnavailable, failure.Kind);
        Assert.InRange(_tokenVault.Written.Count - 1, 5, 30);
    }

    [Theory]
    [InlineData(401, FailureKind.VaultAccessDenied)]
    [InlineData(403, FailureKind.VaultAccessDenied)]
    [InlineData(400, FailureKind.VaultAccessDenied)]
    [InlineData(408, FailureKind.VaultUnavailable)]
    [InlineData(429, FailureKind.VaultUnavailable)]
    [InlineData(500, FailureKind.VaultUnavailable)]
    [InlineData(503, FailureKind.VaultUnavailable)]
    public async Task A_vaults_answer_decides_between_denied_and_unavailable_and_its_words_are_not_shown(
        int status,
        FailureKind expected
    )
    {
        _tokenVault.Refuse(Endpoints.Get, status);
        _tokenVault.Refuse(Endpoints.Set, status);

        var read = await FailureOfAsync(() => Store().ReadAccessTokenAsync(Connection(), Cancel).AsTask());
        var save = await FailureOfAsync(() =>
            Store().SaveAccessTokenAsync(Connection(), Token, WritePriority.Caller, Cancel)
        );

        Assert.All([read, save], failure =>
        {
            Assert.Equal(expected, failure.Kind);
            Assert.Equal(status, failure.HttpStatus);
            Assert.Contains(_tokenVault.Uri.Host, failure.Detail, StringComparison.Ordinal);
            Assert.DoesNotContain("words of the vault", failure.Detail, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("<html>A proxy's page</html>")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"value\":7}")]
    [InlineData("{\"attributes\":{\"exp\":\"soon\"}}")]
    [InlineData("{\"attributes\":{\"exp\":99999999999999}}")]
    public async Task What_is_no_answer_of_a_vault_is_an_unavailable_vault(string body)
    {
        _tokenVault.Faults.Add(Endpoints.Get, Fault.Status(200, body, "application/json"));

        var failure = await FailureOfAsync(() => Store().ReadAccessTokenAsync(Connection(), Cancel).AsTask());

        Assert.Equal(FailureKind.VaultUnavailable, failure.Kind);
    }

    public static TheoryData<Exception, FailureKind> Troubles =>
        new()
        {
            { new RequestFailedException("unreachable"), FailureKind.VaultUnavailable },
            {
                new AggregateException(
                    "Retry failed",
                    new RequestFailedException(500, "x"),
                    new RequestFailedException(0, "x")
                ),
                FailureKind.VaultUnavailable
            },
            {
                new AggregateException("Retry failed", new RequestFailedException(403, "x")),
                FailureKind.VaultAccessDenied
            },
            { new AggregateException("Retry failed", new TaskCanceledException()), FailureKind.VaultUnavailable },
            {
                new TaskCanceledException("The operation was cancelled because it exceeded the configured timeout."),
                FailureKind.VaultUnavailable
            },
            { new IOException("The response ended prematurely."), FailureKind.VaultUnavailable },
            {
                new AuthenticationFailedException("no", new RequestFailedException(503, "x")),
                FailureKind.VaultUnavailable
            },
            {
                new AuthenticationFailedException("no", new RequestFailedException(0, "x")),
                FailureKind.VaultUnavailable
            },
            {
                new AuthenticationFailedException("no", new RequestFailedException(401, "x")),
                FailureKind.VaultAccessDenied
            },
            { new AuthenticationFailedException("no", new HttpRequestException("x")), FailureKind.VaultUnavailable },
            { new AuthenticationFailedException("no", new TaskCanceledException("x")), FailureKind.VaultUnavailable },
            {
                new AuthenticationFailedException("no", new AggregateException(new RequestFailedException(0, "x"))),
                FailureKind.VaultUnavailable
            },
            { new AuthenticationFailedException("refused"), FailureKind.VaultAccessDenied },
            { new CredentialUnavailableException("nobody"), FailureKind.VaultAccessDenied },
        };

    [Theory]
    [MemberData(nameof(Troubles), DisableDiscoveryEnumeration = true)]
    public async Task Trouble_on_the_way_to_the_vault_is_a_typed_failure(Exception trouble, FailureKind expected)
    {
        var client = new Mock<SecretClient>();
        client.Setup(vault => vault.VaultUri).Returns(new Uri("https://tokens.vault.azure.net"));
        client
            .Setup(vault =>
                vault.GetSecretAsync(
                    It.IsAny<string>(),
                    It.IsAny<string>(),
                    It.IsAny<SecretContentType?>(),
                    It.IsAny<CancellationToken>()
                )
            )
            .ThrowsAsync(trouble);
        client
            .Setup(vault => vault.SetSecretAsync(It.IsAny<KeyVaultSecret>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(trouble);
        var store = new KeyVaultTokenStore(
            client.Object,
            client.Object,
            _time,
            _logs.CreateLogger<KeyVaultTokenStore>()
        );

        var read = await FailureOfAsync(() => store.ReadAccessTokenAsync(Connection(), Cancel).AsTask());
        var save = await FailureOfAsync(() => store.SaveRefreshTokenAsync(Connection(), Refresh, Cancel));

        Assert.Equal(expected, read.Kind);
        Assert.Equal(expected, save.Kind);
    }

    [Fact]
    public async Task A_caller_that_goes_is_no_failure_of_the_vault()
    {
        using var gone = new CancellationTokenSource();
        _tokenVault.Faults.Add(Endpoints.Get, Fault.Hang());

        var read = Store().ReadAccessTokenAsync(Connection(), gone.Token).AsTask();
        await _tokenVault.Faults.WaitUntilHeldAsync(cancellationToken: Cancel);
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
    }

    [Fact]
    public async Task A_token_that_our_code_fails_to_parse_counts_as_no_token_and_is_logged_with_the_exception()
    {
        await Store().SaveAccessTokenAsync(Connection(), Token, WritePriority.Caller, Cancel);
        await Store().SaveRefreshTokenAsync(Connection(), Refresh, Cancel);

        // Comparing a relative URL with the secret's tag throws.
        var faulty = Connection("relative");
        var read = await Store().ReadAccessTokenAsync(faulty, Cancel);
        var refresh = await Store().ReadRefreshTokenAsync(faulty, Cancel);
        var listed = await Store().ListAccessTokensAsync([faulty], Cancel);

        Assert.Null(read);
        Assert.Null(refresh);
        Assert.Empty(listed);
        Assert.Equal([5008, 5008, 5008], _log.Events.Select(one => one.EventId.Id));
        Assert.All(_log.Events, one => Assert.Contains("TokenSecret", one.Exception, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reading_an_unparseable_token_does_not_stop_the_listing_of_others()
    {
        await Store().SaveAccessTokenAsync(Connection(), Token, WritePriority.Caller, Cancel);
        var faulty = Connection("relative");

        var listed = await Store().ListAccessTokensAsync([faulty, Connection()], Cancel);

        Assert.Equal(Fingerprint.Of(Value), Assert.Single(listed).Value.Fingerprint);
    }

    private static Task<TokenFailure> FailureOfAsync(Func<Task> act) => Bench.FailureAsync(act);

    private static Connection Connection(string? baseUrl = "https://203.0.113.10/") =>
        new()
        {
            Vendor = VendorProfiles.Veeam,
            Key = new ConnectionKey("veeam", "office"),
            TokenSecretName = "veeam-office-access-token",
            BaseUrl = baseUrl is null ? null : new Uri(baseUrl, UriKind.RelativeOrAbsolute),
            Server = new Uri("https://203.0.113.10"),
            Username = "svc",
            Credential = new CredentialName("veeam-office-password"),
            TotpSecret = new CredentialName("veeam-office-totp-secret", IsOptional: true),
        };

    private static void Tamper(JsonObject bundle, string how)
    {
        switch (how)
        {
            case "no tags":
                bundle.Remove("tags");
                break;
            case "value":
                bundle["value"] = "another-value";
                break;
            case "empty value":
                bundle["value"] = "";
                break;
            case "no exp":
                bundle["attributes"]!.AsObject().Remove("exp");
                break;
            case "exp before nbf":
                bundle["attributes"]!["exp"] = TestTime.Noon.AddMinutes(-1).ToUnixTimeSeconds();
                break;
            default:
                bundle["tags"]![how] = "another";
                break;
        }
    }

    private static IEnumerable<(string Name, string Value)> Tags(JsonNode body) =>
        body["tags"]!
            .AsObject()
            .Select(tag => (tag.Key, (string)tag.Value!))
            .OrderBy(tag => tag.Key, StringComparer.Ordinal);

    private KeyVaultTokenStore Store() =>
        new(_tokenVault.Client(), _credentialVault.Client(), _time, _logs.CreateLogger<KeyVaultTokenStore>());
}
