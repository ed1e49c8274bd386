using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Security.KeyVault.Secrets;
using BackupFunctions.Testing;

namespace BackupFunctions.Emulators.Tests;

/// <summary>The vault as the real SDK sees it.</summary>
public sealed class SecretClientTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sets_and_gets_a_secret_with_all_its_properties()
    {
        await using var station = await StartAsync();
        var client = Client(station);
        var written = new KeyVaultSecret("token", "välue \"quoted\"")
        {
            Properties =
            {
                ContentType = "application/vnd.oauth.access-token",
                ExpiresOn = station.Now.AddHours(-1),
                NotBefore = station.Now.AddHours(-2),
                Tags = { ["vendor"] = "acronis" },
            },
        };

        var set = (await client.SetSecretAsync(written, Cancellation)).Value;
        var got = (await client.GetSecretAsync("token", cancellationToken: Cancellation)).Value;

        Assert.Equal(written.Value, got.Value);
        Assert.Equal(set.Properties.Version, got.Properties.Version);
        Assert.Equal(written.Properties.ContentType, got.Properties.ContentType);
        Assert.Equal(station.Now.AddHours(-1), got.Properties.ExpiresOn);
        Assert.Equal(station.Now.AddHours(-2), got.Properties.NotBefore);
        Assert.Equal(station.Now, got.Properties.CreatedOn);
        Assert.Equal("acronis", got.Properties.Tags["vendor"]);
        Assert.True(got.Properties.Enabled);
        Assert.Equal(1, station.Emulator.Counters[Endpoints.Challenge]);
        Assert.Equal((1, 1), (station.Emulator.Secrets.ReadsOf("token"), station.Emulator.Secrets.WritesOf("token")));
    }

    [Fact]
    public async Task Reads_the_current_version_or_a_named_one()
    {
        await using var station = await StartAsync();
        var client = Client(station);
        var first = (await client.SetSecretAsync("token", "1", Cancellation)).Value;
        var second = (await client.SetSecretAsync("token", "2", Cancellation)).Value;

        var current = (await client.GetSecretAsync("token", cancellationToken: Cancellation)).Value;
        var old = (
            await client.GetSecretAsync("token", first.Properties.Version, cancellationToken: Cancellation)
        ).Value;

        Assert.Equal(("2", "1"), (current.Value, old.Value));
        Assert.NotEqual(first.Properties.Version, second.Properties.Version);
    }

    [Fact]
    public async Task Updates_properties_and_keeps_the_rest()
    {
        await using var station = await StartAsync();
        var client = Client(station);
        var properties = (await client.SetSecretAsync("token", "1", Cancellation)).Value.Properties;
        station.Time.Advance(TimeSpan.FromMinutes(1));
        properties.ContentType = "text/plain";
        properties.ExpiresOn = station.Now.AddDays(1);
        properties.Tags["a"] = "b";

        await client.UpdateSecretPropertiesAsync(properties, Cancellation);
        var got = (await client.GetSecretAsync("token", cancellationToken: Cancellation)).Value;

        Assert.Equal("1", got.Value);
        Assert.Equal("text/plain", got.Properties.ContentType);
        Assert.Equal(station.Now.AddDays(1), got.Properties.ExpiresOn);
        Assert.Equal("b", got.Properties.Tags["a"]);
        Assert.Equal(station.Now, got.Properties.UpdatedOn);
        Assert.Equal(station.Now.AddMinutes(-1), got.Properties.CreatedOn);
    }

    [Fact]
    public async Task A_disabled_version_cannot_be_read()
    {
        await using var station = await StartAsync();
        var client = Client(station);
        var properties = (await client.SetSecretAsync("token", "1", Cancellation)).Value.Properties;
        properties.Enabled = false;
        await client.UpdateSecretPropertiesAsync(properties, Cancellation);

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() =>
            client.GetSecretAsync("token", cancellationToken: Cancellation)
        );

        Assert.Equal((403, "Forbidden"), (failure.Status, failure.ErrorCode));
        Assert.Contains("SecretDisabled", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lists_secrets_and_versions_page_by_page()
    {
        await using var station = await StartAsync();
        var client = Client(station);
        for (var number = 0; number < 60; number++)
            station.Emulator.Secrets.Set($"secret-{number}", "x");
        for (var number = 0; number < 26; number++)
            station.Emulator.Secrets.Set("secret-0", $"{number}");

        var pages = new List<int>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var page in client.GetPropertiesOfSecretsAsync(Cancellation).AsPages())
        {
            pages.Add(page.Values.Count);
            names.UnionWith(page.Values.Select(static properties => properties.Name));
        }

        var versions = new List<string>();
        await foreach (var version in client.GetPropertiesOfSecretVersionsAsync("secret-0", Cancellation))
            versions.Add(version.Version);

        Assert.Equal([25, 25, 10], pages);
        Assert.Equal(60, names.Count);
        Assert.Equal(27, versions.Distinct().Count());
        Assert.Equal(versions.Order(StringComparer.Ordinal), versions);
        Assert.Equal(
            (3, 2),
            (station.Emulator.Counters[Endpoints.List], station.Emulator.Counters[Endpoints.Versions])
        );
    }

    [Fact]
    public async Task Deletes_softly_recovers_and_purges()
    {
        await using var station = await StartAsync();
        var client = Client(station);
        await client.SetSecretAsync("token", "1", Cancellation);

        var deletion = await client.StartDeleteSecretAsync("token", Cancellation);
        var absent = await Assert.ThrowsAsync<RequestFailedException>(() =>
            client.GetSecretAsync("token", cancellationToken: Cancellation)
        );
        var taken = await Assert.ThrowsAsync<RequestFailedException>(() =>
            client.SetSecretAsync("token", "2", Cancellation)
        );
        var deleted = (await client.GetDeletedSecretAsync("token", Cancellation)).Value;
        var listed = await NamesAsync(client.GetDeletedSecretsAsync(Cancellation));
        await client.StartRecoverDeletedSecretAsync("token", Cancellation);
        var recovered = (await client.GetSecretAsync("token", cancellationToken: Cancellation)).Value;
        await client.StartDeleteSecretAsync("token", Cancellation);
        await client.PurgeDeletedSecretAsync("token", Cancellation);
        var anew = (await client.SetSecretAsync("token", "3", Cancellation)).Value;

        Assert.Equal("token", deletion.Value.Name);
        Assert.Equal((404, "SecretNotFound"), (absent.Status, absent.ErrorCode));
        Assert.Equal((409, "Conflict"), (taken.Status, taken.ErrorCode));
        Assert.Contains("ObjectIsDeletedButRecoverable", taken.Message, StringComparison.Ordinal);
        Assert.Equal(station.Now, deleted.DeletedOn);
        Assert.Equal(station.Now.AddDays(90), deleted.ScheduledPurgeDate);
        Assert.Equal(["token"], listed);
        Assert.Equal("1", recovered.Value);
        Assert.Equal("3", anew.Value);
        Assert.Single(station.Emulator.Secrets.Versions("token"));
    }

    [Fact]
    public async Task A_deletion_and_a_recovery_may_take_a_few_polls()
    {
        await using var station = await StartAsync();
        var client = Client(station);
        (station.Emulator.DeletePolls, station.Emulator.RecoverPolls) = (2, 2);
        await client.SetSecretAsync("token", "1", Cancellation);

        var deletion = await client.StartDeleteSecretAsync("token", Cancellation);
        var deleted = new[] { await PollAsync(deletion), await PollAsync(deletion), await PollAsync(deletion) };
        var recovery = await client.StartRecoverDeletedSecretAsync("token", Cancellation);
        var early = await Assert.ThrowsAsync<RequestFailedException>(() =>
            client.SetSecretAsync("token", "2", Cancellation)
        );
        var recovered = new[] { await PollAsync(recovery), await PollAsync(recovery) };
        await client.SetSecretAsync("token", "2", Cancellation);

        Assert.Equal([false, false, true], deleted);
        Assert.Equal(409, early.Status);
        Assert.Contains("ObjectIsBeingRecovered", early.Message, StringComparison.Ordinal);
        Assert.Equal([false, true], recovered);
        Assert.Equal("2", station.Emulator.Secrets.Get("token")!.Value);
    }

    [Fact]
    public async Task A_set_while_the_deletion_is_under_way_is_a_conflict()
    {
        await using var station = await StartAsync();
        var client = Client(station);
        station.Emulator.DeletePolls = 1;
        await client.SetSecretAsync("token", "1", Cancellation);
        await client.StartDeleteSecretAsync("token", Cancellation);

        var deleting = await Assert.ThrowsAsync<RequestFailedException>(() =>
            client.SetSecretAsync("token", "2", Cancellation)
        );
        var deleted = await Assert.ThrowsAsync<RequestFailedException>(() =>
            client.SetSecretAsync("token", "2", Cancellation)
        );

        Assert.Contains("ObjectIsBeingDeleted", deleting.Message, StringComparison.Ordinal);
        Assert.Contains("ObjectIsDeletedButRecoverable", deleted.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_denied_is_forbidden_by_role()
    {
        await using var station = await StartAsync();
        var client = Client(station);
        station.Emulator.Secrets.Set("acronis-token", "1");
        station.Emulator.Secrets.Set("veeam-token", "1");
        station.Emulator.Deny(Endpoints.Get, "acronis-*");

        var denied = await Assert.ThrowsAsync<RequestFailedException>(() =>
            client.GetSecretAsync("acronis-token", cancellationToken: Cancellation)
        );
        var other = (await client.GetSecretAsync("veeam-token", cancellationToken: Cancellation)).Value;
        var set = (await client.SetSecretAsync("acronis-token", "2", Cancellation)).Value;
        station.Emulator.AllowAll();
        var allowed = (await client.GetSecretAsync("acronis-token", cancellationToken: Cancellation)).Value;

        Assert.Equal((403, "Forbidden"), (denied.Status, denied.ErrorCode));
        Assert.Contains("ForbiddenByRbac", denied.Message, StringComparison.Ordinal);
        Assert.Contains("getSecret", denied.Message, StringComparison.Ordinal);
        Assert.Equal(("1", "2", "2"), (other.Value, set.Value, allowed.Value));
    }

    [Fact]
    public async Task Everything_can_be_denied()
    {
        await using var station = await StartAsync();
        var client = Client(station);
        station.Emulator.Deny(Endpoints.Every);

        var set = await Assert.ThrowsAsync<RequestFailedException>(() =>
            client.SetSecretAsync("token", "1", Cancellation)
        );

        Assert.Equal(403, set.Status);
        Assert.Empty(station.Emulator.Secrets.Names);
    }

    [Fact]
    public async Task A_throttled_call_is_told_when_to_come_back()
    {
        await using var station = await StartAsync();
        var client = Client(station);
        station.Emulator.Throttle(times: 1, retryAfter: TimeSpan.FromSeconds(11));

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() =>
            client.GetSecretAsync("token", cancellationToken: Cancellation)
        );

        Assert.Equal((429, "Throttled"), (failure.Status, failure.ErrorCode));
        Assert.True(failure.GetRawResponse()!.Headers.TryGetValue("Retry-After", out var seconds));
        Assert.Equal("11", seconds);
    }

    [Fact]
    public async Task A_lost_reply_to_a_set_has_written_the_version()
    {
        await using var station = await StartAsync();
        var client = Client(station);
        station.Emulator.Faults.Add(Endpoints.Set, Fault.LoseReply(), times: 1);

        await Assert.ThrowsAsync<RequestFailedException>(() => client.SetSecretAsync("token", "1", Cancellation));

        Assert.Equal("1", station.Emulator.Secrets.Get("token")!.Value);
    }

    private static Task<Station<KeyVaultEmulator>> StartAsync() =>
        Station.StartAsync(static options => new KeyVaultEmulator(options));

    private static SecretClient Client(Station<KeyVaultEmulator> station) =>
        new(
            station.Emulator.BaseAddress,
            new AnyTokenCredential(),
            new SecretClientOptions
            {
                DisableChallengeResourceVerification = true,
                Retry = { MaxRetries = 0 },
                Transport = new HttpClientTransport(new HttpClient(Loopback.Handler(station.Emulator))),
            }
        );

    private static async Task<bool> PollAsync(Operation operation)
    {
        await operation.UpdateStatusAsync(Cancellation);
        return operation.HasCompleted;
    }

    private static async Task<List<string>> NamesAsync(AsyncPageable<DeletedSecret> secrets)
    {
        var names = new List<string>();
        await foreach (var secret in secrets)
            names.Add(secret.Name);
        return names;
    }
}
