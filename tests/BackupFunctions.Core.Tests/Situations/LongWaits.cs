using BackupFunctions.Emulators;

namespace BackupFunctions.Core.Tests.Situations;

/// <summary>Servers that take longer than a caller waits: 30 s, or 2 s while there is a token that it may have.</summary>
internal static class LongWaits
{
    private const string Source = "a vendor or vault that hangs, tried on the product";
    private const string Sibling = $"sibling of {Source}";
    private static readonly string Tenant = $"?tenant={AcronisEmulator.DemoTenant}";

    public static IReadOnlyList<Situation> Rows { get; } =
    [
        new(Source, "a vendor that never answers", "503 vendor-unavailable, Retry-After 40 after 30 s", () =>
            Seen.ByWaitingCallerAsync("acronis", world => world.Vendor.Faults.Add(Endpoints.Token, Fault.Hang()))
        ),
        new(
            Sibling,
            "a vendor whose discovery document never comes",
            "503 vendor-unavailable, Retry-After 40 after 30 s",
            () =>
                Seen.ByWaitingCallerAsync("backupnet", world =>
                    world.Vendor.Faults.Add(Endpoints.Discovery, Fault.Hang())
                )
        ),
        new(
            Sibling,
            "a vendor that never answers a refresh asked for by hand while there is a token",
            "200 after 2 s",
            () =>
                Seen.ByWaitingCallerAsync(
                    "acronis",
                    async world =>
                    {
                        await world.GetTokenAsync();
                        world.Pass(TimeSpan.FromMinutes(1));
                        world.Vendor.Faults.Add(Endpoints.Token, Fault.Hang());
                    },
                    "?refresh=true"
                )
        ),
        new(
            Sibling,
            "a vendor that never answers with a token of a tenant",
            "503 vendor-unavailable, Retry-After 40 after 30 s",
            () =>
                Seen.ByWaitingCallerAsync(
                    "acronis",
                    async world =>
                    {
                        await world.GetTokenAsync();
                        world.Vendor.Faults.Add(Endpoints.Token, Fault.Hang());
                    },
                    Tenant
                )
        ),
        new(
            Sibling,
            "a vendor that never answers with a younger token of a tenant than the one there is",
            "200 after 2 s",
            () =>
                Seen.ByWaitingCallerAsync(
                    "acronis",
                    async world =>
                    {
                        await world.GetTokenAsync(Tenant);
                        world.Pass(TimeSpan.FromMinutes(1));
                        await world.GetTokenAsync("?refresh=true");
                        world.Vendor.Faults.Add(Endpoints.Token, Fault.Hang());
                    },
                    Tenant
                )
        ),
        new(
            Sibling,
            "a vendor that grants a token after 9 s, and then never one of a tenant",
            "503 vendor-unavailable, Retry-After 40 after 30 s",
            () =>
                Seen.ByWaitingCallerAsync(
                    "acronis",
                    world =>
                    {
                        world.Vendor.Faults.Add(Endpoints.Token, Fault.Delay(TimeSpan.FromSeconds(9)), times: 1);
                        world.Vendor.Faults.Add(Endpoints.Token, Fault.Hang());
                        return Task.CompletedTask;
                    },
                    Tenant
                )
        ),
        new(Source, "a vault that never answers when a token is saved", "200 after 2 s", () =>
            Seen.ByWaitingCallerAsync("acronis", world => world.Vault.Faults.Add(Endpoints.Set, Fault.Hang()))
        ),
        new(
            Sibling,
            "a vault that saves a refresh token after 3 s, and then never the access token",
            "200 after 4 s",
            () => Seen.ByWaitingCallerAsync("veeam", world =>
                {
                    world.Vault.Faults.Add(Endpoints.Set, Fault.Delay(TimeSpan.FromSeconds(3)), times: 1);
                    world.Vault.Faults.Add(Endpoints.Set, Fault.Hang());
                })
        ),
    ];
}
