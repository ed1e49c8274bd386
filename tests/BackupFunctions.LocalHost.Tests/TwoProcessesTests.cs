using System.Text.Json;
using BackupFunctions.Emulators;
using BackupFunctions.Testing;

namespace BackupFunctions.LocalHost.Tests;

/// <summary>Two processes that share vault, vendors and storage, like two instances of the app.</summary>
public sealed class TwoProcessesTests
{
    [Theory]
    [InlineData("acronis", 1)]
    [InlineData("veeam", 2)]
    public async Task A_thousand_first_calls_over_two_processes_make_one_sign_in(string vendor, int tokenRequests)
    {
        await using var azurite = await AzuriteServer.StartAsync();
        await using var emulators = await EmulatorSuite.StartAsync();
        var settings = emulators
            .ClientSettings()
            .Append(KeyValuePair.Create("AzureWebJobsStorage", azurite.ConnectionString))
            .ToList();
        await using var one = LocalHostProcess.Start(["--urls", "http://127.0.0.1:0"], settings);
        await using var two = LocalHostProcess.Start(["--urls", "http://127.0.0.1:0"], settings);
        using var first = new HttpClient { BaseAddress = await LocalHostProcess.ServesAtAsync(one) };
        using var second = new HttpClient { BaseAddress = await LocalHostProcess.ServesAtAsync(two) };

        var replies = await Task.WhenAll(
            Enumerable
                .Range(0, 1000)
                .Select(number => (number % 2 == 0 ? first : second).GetStringAsync($"/api/GetToken/{vendor}"))
        );

        var token = Assert.Single(
            replies
                .Select(reply => JsonDocument.Parse(reply).RootElement.GetProperty("access_token").GetString()!)
                .Distinct()
        );
        SuiteLog.Guard(token);
        var emulator = emulators.Emulators.Single(emulator => emulator.Name == vendor);
        Assert.Equal(tokenRequests, emulator.Counters["token"]);
        Assert.Equal(1, emulators.Vault.Secrets.WritesOf($"{vendor}-default-access-token"));
        Assert.Equal(1, emulator.Counters.MaxConcurrent("token"));
    }
}
