using BackupFunctions.Check;
using BackupFunctions.Emulators;
using BackupFunctions.Testing;
using Microsoft.Extensions.Time.Testing;

namespace BackupFunctions.Core.Tests.Check;

/// <summary>The call with which a check tries a new token.</summary>
public sealed class ApiCallCheckTests
{
    private static readonly CheckRequest BackupNet = new() { Vendor = "backupnet" };

    [Fact]
    public async Task A_token_that_the_API_rejects_is_an_error()
    {
        await using var world = await CheckWorld.StartAsync();
        var druva = world.Emulators.Catalogue.Single(emulator => emulator.Name == "druva");
        druva.Faults.Add(Endpoints.Api, Fault.Status(403));

        var report = await world.CheckAsync(new CheckRequest { Vendor = "druva" });

        var refused = report.One("api-call-refused", "druva/default");
        Assert.Equal(
            $"The API does not accept the token: GET {druva.BaseAddress}msp/v3/customers answered 403.",
            refused.Sentence
        );
        Assert.Equal(FindingLevel.Error, refused.Type.Level);
        Assert.Equal("sign-in-good", report.One("sign-in-good", "druva/default").Type.Id);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(503)]
    public async Task Any_other_answer_is_a_warning_and_the_call_is_not_repeated(int status)
    {
        await using var world = await CheckWorld.StartAsync();
        world.Emulators.BackupNet.Faults.Add(Endpoints.Api, Fault.Status(status));

        var report = await world.CheckAsync(BackupNet);

        var failed = report.One("api-call-failed", "backupnet/default");
        Assert.EndsWith($"v1/customers answered {status}.", failed.Sentence, StringComparison.Ordinal);
        Assert.Equal(FindingLevel.Warning, failed.Type.Level);
        Assert.Equal(1, world.Emulators.BackupNet.Counters[Endpoints.Api]);
    }

    [Fact]
    public async Task A_connection_that_breaks_is_named()
    {
        await using var world = await CheckWorld.StartAsync();
        world.Emulators.BackupNet.Faults.Add(Endpoints.Api, Fault.Reset());

        var report = await world.CheckAsync(BackupNet);

        Assert.StartsWith(
            "The token could not be tried: ",
            report.One("api-call-failed", "backupnet/default").Sentence,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_API_that_hangs_hides_nothing_of_the_sign_in()
    {
        var time = new FakeTimeProvider(TestTime.Noon);
        await using var world = await CheckWorld.StartAsync(options: new EmulatorOptions { Time = time });
        world.Emulators.BackupNet.Faults.Add(Endpoints.Api, Fault.Hang());

        var checking = world.CheckAsync(BackupNet);
        await world.Emulators.BackupNet.Faults.WaitUntilHeldAsync();
        time.Advance(TimeSpan.FromSeconds(4));
        var report = await checking;

        Assert.EndsWith(
            "v1/customers was not answered within 4 s.",
            report.One("api-call-failed", "backupnet/default").Sentence,
            StringComparison.Ordinal
        );
        Assert.Equal("token-saved", report.One("token-saved", "backupnet/default").Type.Id);
    }
}
