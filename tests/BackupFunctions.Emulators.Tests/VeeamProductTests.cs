using System.Net;
using OtpNet;

namespace BackupFunctions.Emulators.Tests;

/// <summary>What the other products do differently from Backup for Microsoft Azure.</summary>
public sealed class VeeamProductTests
{
    [Theory]
    [InlineData("veeam-vspc", "/api/v3/token", "/api/v3/organizations/companies")]
    [InlineData("veeam-vbr", "/api/oauth2/token", "/api/v1/serverInfo")]
    [InlineData("veeam-vb365", "/v8/token", "/v8/Organizations")]
    public async Task Signs_in_with_a_password_and_rotates_refresh_tokens(string product, string path, string api)
    {
        await using var station = await StartAsync(product);
        station.Emulator.MfaRequired = false;

        var first = await SignInAsync(station, path).JsonAsync();
        var second = await RefreshAsync(station, path, first.Text("refresh_token")).JsonAsync();
        using var spent = await RefreshAsync(station, path, first.Text("refresh_token"));
        using var called = await station.GetAsync(api, second.Text("access_token"));

        Assert.Equal(HttpStatusCode.OK, called.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, spent.StatusCode);
        Assert.NotEqual(first.Text("refresh_token"), second.Text("refresh_token"));
        Assert.Equal(1, station.Emulator.RefusedRefreshTokens);
    }

    [Fact]
    public async Task Service_Provider_Console_asks_for_a_code_and_ends_earlier_sessions()
    {
        await using var station = await StartAsync("veeam-vspc");
        const string Path = "/api/v3/token";

        var pending = await SignInAsync(station, Path).JsonAsync();
        var first = await ConfirmAsync(station, Path, pending.Text("mfa_token")).TokenAsync();
        station.Time.Advance(TimeSpan.FromMinutes(1));
        var again = await SignInAsync(station, Path).JsonAsync();
        var second = await ConfirmAsync(station, Path, again.Text("mfa_token")).TokenAsync();

        Assert.Null(pending["access_token"]);
        Assert.False(station.Emulator.IsLive(first));
        Assert.True(station.Emulator.IsLive(second));
    }

    [Fact]
    public async Task Service_Provider_Console_refuses_a_password_with_an_OAuth_error()
    {
        await using var station = await StartAsync("veeam-vspc");

        using var reply = await station.PostFormAsync(
            "/api/v3/token",
            ("grant_type", "password"),
            ("username", station.Emulator.Username),
            ("password", "wrong")
        );

        Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);
        Assert.Equal("invalid_grant", (await reply.JsonAsync()).Text("error"));
    }

    [Theory]
    [InlineData("/api/oauth2/token", "POST")]
    [InlineData("/api/v1/serverInfo", "GET")]
    public async Task Backup_and_Replication_refuses_every_call_without_its_version_header(string path, string method)
    {
        await using var station = await StartAsync("veeam-vbr");
        station.Client.DefaultRequestHeaders.Clear();

        using var reply = await station.SendAsync(new HttpMethod(method), path);

        Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);
        Assert.Contains("x-api-version", (await reply.JsonAsync()).Text("message"), StringComparison.Ordinal);
        Assert.Equal(0, station.Emulator.Counters.RefusedSignIns);
    }

    [Fact]
    public async Task Backup_and_Replication_ends_a_session_by_logout()
    {
        await using var station = await StartAsync("veeam-vbr");
        var token = await SignInAsync(station, "/api/oauth2/token").TokenAsync();

        using var reply = await station.SendAsync(HttpMethod.Post, "/api/oauth2/logout", token);

        Assert.Equal(HttpStatusCode.NoContent, reply.StatusCode);
        Assert.False(station.Emulator.IsLive(token));
    }

    [Fact]
    public async Task Backup_and_Replication_refuses_a_password_with_an_error_code_of_its_own()
    {
        await using var station = await StartAsync("veeam-vbr");
        station.Emulator.Password = "another";

        using var reply = await SignInAsync(station, "/api/oauth2/token", "wrong");

        Assert.Equal(HttpStatusCode.Unauthorized, reply.StatusCode);
        Assert.NotEmpty((await reply.JsonAsync()).Text("errorCode"));
        Assert.Equal(1, station.Emulator.Counters.RefusedSignIns);
    }

    private static async Task<Station<VeeamEmulator>> StartAsync(string product)
    {
        var station = await Station.StartAsync(options => new VeeamEmulator(
            product switch
            {
                "veeam-vspc" => VeeamProduct.ServiceProviderConsole,
                "veeam-vbr" => VeeamProduct.BackupAndReplication,
                _ => VeeamProduct.BackupForMicrosoft365,
            },
            options
        ));
        station.Client.DefaultRequestHeaders.Add("x-api-version", "1.2-rev1");
        return station;
    }

    private static Task<HttpResponseMessage> SignInAsync(
        Station<VeeamEmulator> station,
        string path,
        string? password = null
    ) =>
        station.PostFormAsync(
            path,
            ("grant_type", "password"),
            ("username", station.Emulator.Username),
            ("password", password ?? station.Emulator.Password)
        );

    private static Task<HttpResponseMessage> RefreshAsync(Station<VeeamEmulator> station, string path, string token) =>
        station.PostFormAsync(path, ("grant_type", "refresh_token"), ("refresh_token", token));

    private static Task<HttpResponseMessage> ConfirmAsync(Station<VeeamEmulator> station, string path, string token) =>
        station.PostFormAsync(
            path,
            ("grant_type", "mfa"),
            ("mfa_token", token),
            (
                "mfa_code",
                new Totp(Base32Encoding.ToBytes(station.Emulator.TotpSecret)).ComputeTotp(station.Now.UtcDateTime)
            )
        );
}
