using BackupFunctions.Core.Tests.FaultMatrix;
using BackupFunctions.Core.Tests.Web;
using BackupFunctions.Emulators;

namespace BackupFunctions.Core.Tests.Situations;

/// <summary>Puts a situation into a world of one vendor and says in a few words what its caller saw.</summary>
internal static class Seen
{
    /// <summary>What a caller of the vendor gets once the input was arranged.</summary>
    /// <returns>For example <c>200</c> or <c>503 vendor-unavailable, Retry-After 30</c>.</returns>
    public static async Task<string> ByCallerAsync(string vendor, Action<World> input)
    {
        await using var world = new World(vendor);
        input(world);
        return Of(await world.GetTokenAsync());
    }

    /// <summary>The same, and how many credentials the vendor refused until then.</summary>
    /// <returns>For example <c>200, refusals 0</c>.</returns>
    public static async Task<string> WithRefusalsAsync(string vendor, Action<World> input)
    {
        await using var world = new World(vendor);
        input(world);
        var answer = Of(await world.GetTokenAsync());
        return $"{answer}, refusals {world.Vendor.Counters.RefusedSignIns}";
    }

    /// <summary>The detail of the problem that a caller gets; its status if it gets a token.</summary>
    public static async Task<string> InWordsAsync(string vendor, Action<World> input)
    {
        await using var world = new World(vendor);
        input(world);
        var answer = await world.GetTokenAsync();
        return answer.Status == 200 ? "200" : (string)answer.Json["detail"]!;
    }

    /// <summary>The same as <see cref="Of"/>, and how long the token lives.</summary>
    /// <returns>For example <c>200 for 3600 s</c>.</returns>
    public static string WithLife(Answer answer) =>
        answer.Status == 200 ? $"200 for {answer.Json["expires_in"]} s" : Of(answer);

    /// <summary>The same, and how many whole seconds the caller waited for it.</summary>
    /// <returns>For example <c>200 after 4 s</c>.</returns>
    public static Task<string> ByWaitingCallerAsync(string vendor, Action<World> input) =>
        ByWaitingCallerAsync(
            vendor,
            world =>
            {
                input(world);
                return Task.CompletedTask;
            },
            query: ""
        );

    /// <summary>The same for a caller with parameters, and for an input that something comes before.</summary>
    public static async Task<string> ByWaitingCallerAsync(string vendor, Func<World, Task> input, string query)
    {
        await using var world = new World(vendor);
        await input(world);
        var since = world.Time.GetTimestamp();
        var answer = Of(await world.GetTokenAsync(query));
        return $"{answer} after {(int)world.Time.GetElapsedTime(since).TotalSeconds} s";
    }

    /// <summary>What callers see who ask ten times a second for 20 s, and whether that makes the vault busy.</summary>
    /// <returns>For example <c>424 vault-access-denied, few reads</c>.</returns>
    public static async Task<string> ByImpatientCallersAsync(string vendor, Action<World> input)
    {
        await using var world = new World(vendor);
        input(world);
        var answer = "";
        for (var call = 0; call < 200; call++)
        {
            answer = Of(await world.GetTokenAsync());
            world.Pass(TimeSpan.FromSeconds(0.1));
        }

        // A renewal every three seconds costs four or five, and a look for a token comes every second in between.
        var reads = world.Vault.Counters[Endpoints.Get] + world.Vault.Counters[Endpoints.Versions];
        return $"{answer}, {(reads <= 50 ? "few" : reads)} reads";
    }

    /// <summary>Status, problem and how long to wait; never a token.</summary>
    public static string Of(Answer answer) =>
        answer.Status == 200
            ? "200"
            : $"{answer.Status} {answer.ProblemType}{(answer.Headers.RetryAfter is [{ } wait] ? $", Retry-After {wait}" : "")}";
}
