using BackupFunctions.Emulators;

namespace BackupFunctions.Core.Tests.Situations;

/// <summary>Replies of a vault that is too busy, or does not answer.</summary>
internal static class VaultReplies
{
    private const string Report = "azure-sdk-for-net#24519";
    private const string Sibling = $"sibling of {Report}";
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(45);

    public static IReadOnlyList<Situation> Rows { get; } =
    [
        Read(Report, 429, "Retry-After", "45", "503 vault-unavailable, Retry-After 45 after 0 s"),
        Read(Sibling, 503, "Retry-After", "45", "503 vault-unavailable, Retry-After 45 after 0 s"),
        Read(Sibling, 500, "Retry-After", "45", "503 vault-unavailable, Retry-After 45 after 0 s"),
        Read(Sibling, 429, "retry-after-ms", "45000", "503 vault-unavailable, Retry-After 45 after 0 s"),
        Read(Sibling, 429, "x-ms-retry-after-ms", "45000", "503 vault-unavailable, Retry-After 45 after 0 s"),
        Read(Sibling, 429, "Retry-After", "31536000", "503 vault-unavailable, Retry-After 900 after 0 s"),
        Read(Sibling, 429, "Retry-After", "99999999999999999999", "503 vault-unavailable, Retry-After 900 after 0 s"),
        Read(Sibling, 429, "Retry-After", "-5", "503 vault-unavailable, Retry-After 30 after 0 s"),
        Read(Sibling, 429, "Retry-After", "0", "503 vault-unavailable, Retry-After 30 after 0 s"),
        Read(Sibling, 429, "Retry-After", "soon", "503 vault-unavailable, Retry-After 30 after 0 s"),
        new(
            Sibling,
            "a vault that is read answers 429 with Retry-After as a date",
            "503 vault-unavailable, Retry-After 45 after 0 s",
            () =>
                Seen.ByWaitingCallerAsync("acronis", world =>
                    world.Vault.Faults.Add(
                        Endpoints.Get,
                        Fault.Status(429, retryAfterDate: world.Time.GetUtcNow() + Long)
                    )
                )
        ),
        new(Sibling, "a vault that is written answers 429 with Retry-After: 45", "200 after 0 s", () =>
            Seen.ByWaitingCallerAsync("veeam", world =>
                world.Vault.Faults.Add(Endpoints.Set, Fault.Status(429, retryAfter: Long))
            )
        ),
        new(
            Sibling,
            "a vault whose lists answer 429 with Retry-After: 45, while a certificate has a newer, disabled version",
            "503 vault-unavailable, Retry-After 45 after 0 s",
            () => Seen.ByWaitingCallerAsync("avepoint", world =>
                {
                    world.Vault.Secrets.Disable("avepoint-default");
                    world.Vault.Faults.Add(Endpoints.Versions, Fault.Status(429, retryAfter: Long));
                })
        ),
        new(
            Sibling,
            "a vault that answers no read, of which a sign-in needs five",
            "503 vault-unavailable, Retry-After 30 after 4 s",
            () => Seen.ByWaitingCallerAsync("veeam", world => world.Vault.Faults.Add(Endpoints.Get, Fault.Hang()))
        ),
    ];

    private static Situation Read(string source, int status, string header, string value, string right) =>
        new(source, $"a vault that is read answers {status} with {header}: {value}", right, () =>
            Seen.ByWaitingCallerAsync("acronis", world =>
                world.Vault.Faults.Add(Endpoints.Get, Fault.StatusWith(status, header, value))
            )
        );
}
