using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace BackupFunctions.Emulators.Tests;

public sealed class Msp360EmulatorTests
{
    private static readonly JsonSerializerOptions AsNamed = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Msp360_takes_JSON_or_a_form(bool json)
    {
        await using var station = await Station.StartAsync(options => new Msp360Emulator(options));
        var (user, password) = (station.Emulator.UserName, station.Emulator.Password);

        var reply = await (
            json
                ? station.SendAsync(
                    new HttpRequestMessage(HttpMethod.Post, "/api/Provider/Login")
                    {
                        Content = JsonContent.Create(new { UserName = user, Password = password }, options: AsNamed),
                    }
                )
                : station.PostFormAsync("/api/Provider/Login", ("UserName", user), ("Password", password))
        ).JsonAsync();
        using var called = await station.GetAsync("/api/Users", reply.Text("access_token"));

        Assert.Equal(HttpStatusCode.OK, called.StatusCode);
        Assert.Equal(TimeSpan.FromDays(14).TotalSeconds, reply.Number("expires_in"));
    }

    [Fact]
    public async Task New_credentials_of_Msp360_end_the_old_ones()
    {
        await using var station = await Station.StartAsync(options => new Msp360Emulator(options));
        var old = station.Emulator.Password;
        station.Emulator.Password = "new";

        using var reply = await station.PostFormAsync(
            "/api/Provider/Login",
            ("UserName", station.Emulator.UserName),
            ("Password", old)
        );

        Assert.Equal(HttpStatusCode.Unauthorized, reply.StatusCode);
        Assert.Equal(1, station.Emulator.Counters.RefusedSignIns);
    }
}
