using BackupFunctions.Emulators;

namespace BackupFunctions.KillTests;

/// <summary>What appliance and vault know at one moment; looking changes nothing.</summary>
internal sealed record Evidence
{
    public const string RefreshTokenName = "veeam-default-refresh-token";
    public const string AccessTokenName = "veeam-default-access-token";

    public required int TokenCalls { get; init; }

    public required int Grants { get; init; }

    public required int SignIns { get; init; }

    public required int RefusedRefreshTokens { get; init; }

    public required int RefusedCodes { get; init; }

    public required int RefusedPasswords { get; init; }

    public required bool IsLocked { get; init; }

    /// <summary>The vault's versions; null while it has none.</summary>
    public required string? RefreshTokenVersion { get; init; }

    public required string? AccessTokenVersion { get; init; }

    /// <summary>Whether the appliance would still take the vault's refresh token.</summary>
    public required bool IsRefreshTokenLive { get; init; }

    public static Evidence Of(EmulatorSuite suite)
    {
        var (veeam, refreshToken) = (suite.Veeam, suite.Vault.Secrets.Get(RefreshTokenName));
        return new Evidence
        {
            TokenCalls = veeam.Counters[Endpoints.Token],
            Grants = veeam.IssuedTokens,
            SignIns = veeam.SignIns,
            RefusedRefreshTokens = veeam.RefusedRefreshTokens,
            RefusedCodes = veeam.RefusedCodes,
            RefusedPasswords = veeam.Lockout.RefusedPasswords,
            IsLocked = veeam.Lockout.IsLocked,
            RefreshTokenVersion = refreshToken?.Version,
            AccessTokenVersion = suite.Vault.Secrets.Get(AccessTokenName)?.Version,
            IsRefreshTokenLive = refreshToken is not null && veeam.IsLiveRefreshToken(refreshToken.Value),
        };
    }

    /// <summary>How far the one renewal between two moments had come.</summary>
    public KillPhase PhaseSince(Evidence before) =>
        Grants == before.Grants ? (TokenCalls == before.TokenCalls ? KillPhase.NotAsked : KillPhase.NotGranted)
        : RefreshTokenVersion == before.RefreshTokenVersion ? KillPhase.NotSaved
        : AccessTokenVersion == before.AccessTokenVersion ? KillPhase.RefreshTokenSaved
        : KillPhase.Done;
}
