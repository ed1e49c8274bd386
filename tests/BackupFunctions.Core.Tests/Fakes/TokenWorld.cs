using BackupFunctions.Connections;
using BackupFunctions.Ledger;
using BackupFunctions.Randomness;
using BackupFunctions.Renewal;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Fakes;

/// <summary>One vendor, one vault and one lock, and the processes that use them.</summary>
internal sealed class TokenWorld
{
    private readonly Lazy<TokenProcess> _process;

    public TokenWorld(
        bool rotatesRefreshTokens = false,
        TimeSpan? refreshBefore = null,
        bool hasCertificate = false,
        params string[] furtherConnections
    )
    {
        Vendor = new FakeVendor(Time, rotatesRefreshTokens);
        Connections =
        [
            .. furtherConnections
                .Prepend("default")
                .Select(name => FakeConnection.Named(name, Vendor.Profile, refreshBefore, hasCertificate)),
        ];
        _process = new Lazy<TokenProcess>(() => StartProcess());
    }

    public TestTime Time { get; } = new();

    public FakeVendor Vendor { get; }

    public FakeTokenStore Store { get; } = new();

    public FakeCredentials Credentials { get; } = new();

    public FakeRefreshLock Locks { get; } = new();

    public RandomSource Random { get; } = new SeededRandom(20261122);

    public IReadOnlyList<Connection> Connections { get; }

    public Connection Connection => Connections[0];

    /// <summary>The one process of the tests that need no second one.</summary>
    public TokenProcess Process => _process.Value;

    public DateTimeOffset Now => Time.GetUtcNow();

    /// <summary>
    /// Another process of the same deployment: it shares vendor, vault and lock, and nothing in memory.
    /// </summary>
    public TokenProcess StartProcess(bool maySpendRefreshTokens = true, ILedger? ledger = null) =>
        new(this, new RenewalOptions { MaySpendRefreshTokens = maySpendRefreshTokens }, ledger ?? new InMemoryLedger());

    public void Advance(double seconds) => Time.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>A token that another process could have obtained.</summary>
    public AccessToken ForeignToken(string value = "foreign-access-token", double age = 0, double lifetime = 3600) =>
        new(
            SuiteLog.Guard(value),
            "backup",
            Now - TimeSpan.FromSeconds(age),
            Now + TimeSpan.FromSeconds(lifetime - age)
        );

    /// <summary>Lets time pass until something that goes on in the background has ended.</summary>
    public async Task AdvanceUntilAsync(Func<bool> hasEnded)
    {
        for (var i = 0; !hasEnded(); i++)
        {
            Assert.True(i < 1_000_000, "What was waited for did not happen.");
            if (i % 100 == 99)
            {
                Advance(1);
            }

            await Task.Yield();
        }
    }
}
