using BackupFunctions.Emulators;

namespace BackupFunctions.KillTests;

/// <summary>
/// Looks whether a process hands out working tokens, and whether it may have done so at the price that it did.
/// </summary>
internal sealed class Healing(EmulatorSuite suite, KillReport report, Action<string> violation) : IDisposable
{
    private readonly Appliance _appliance = new(suite.Veeam);

    public UsedCode Code { get; } = new();

    /// <summary>The very first sign-in.</summary>
    /// <exception cref="NoTokenException">There is none, so that there is nothing to kill.</exception>
    public async Task BeginAsync(Victim victim)
    {
        var before = Evidence.Of(suite);
        await victim.GetTokenAsync();
        Judge(before, Evidence.Of(suite), mayMeetStep: false);
    }

    /// <summary>
    /// Lets a new process hand out what it has, and then, as a caller does after a 401, another: for that it must
    /// renew, with the vault's refresh token or, if that one was lost, with the password.
    /// </summary>
    public async Task CheckAsync(Victim victim)
    {
        var (before, began) = (Evidence.Of(suite), TimeProvider.System.GetTimestamp());
        var mayMeetStep = Code.MayMeetStep;
        try
        {
            var (saved, fingerprint) = await victim.GetTokenAsync();
            if (!await _appliance.AcceptsAsync(saved))
                violation("the appliance refuses the token that was handed out after the restart");

            var (renewed, _) = await victim.GetTokenAsync(rejected: fingerprint);
            var took = TimeProvider.System.GetElapsedTime(began);
            if (renewed == saved)
                violation("a rejected token was handed out again");
            if (!await _appliance.AcceptsAsync(renewed))
                violation("the appliance refuses the renewed token");

            var after = Evidence.Of(suite);
            JudgeSaved(after, renewed);
            JudgePath(before, after);
            Judge(before, after, mayMeetStep);
            report.AddHealing(afresh: after.SignIns > before.SignIns, withCode: suite.Veeam.MfaRequired, took);
        }
        catch (NoTokenException exception)
        {
            var lost = before.IsRefreshTokenLive
                ? "the vault's refresh token is live"
                : "the vault's refresh token is dead";
            violation($"no token although {lost} and the password is there: {exception.Message}");
            Judge(before, Evidence.Of(suite), mayMeetStep);
        }
    }

    /// <summary>What one process, killed or not, may never do between two moments.</summary>
    public void Judge(Evidence before, Evidence after, bool mayMeetStep)
    {
        report.AddRefusals(before, after);
        if (after.SignIns > before.SignIns && suite.Veeam.MfaRequired)
            Code.Note();

        if (after.RefusedPasswords > before.RefusedPasswords)
            violation("a password was refused");
        if (after.IsLocked)
            violation("the account is locked");
        if (after.RefusedCodes - before.RefusedCodes > (mayMeetStep ? 1 : 0))
            violation("a code was refused that no process before had used");
        if (after.RefusedRefreshTokens - before.RefusedRefreshTokens > 1)
            violation("a refused refresh token was sent again");
        if (
            after.AccessTokenVersion != before.AccessTokenVersion
            && after.RefreshTokenVersion == before.RefreshTokenVersion
        )
            violation("the new access token was saved before the new refresh token");
        if (after.RefreshTokenVersion != before.RefreshTokenVersion && !after.IsRefreshTokenLive)
            violation("a refresh token was saved that is dead");
    }

    public void Dispose() => _appliance.Dispose();

    private void JudgeSaved(Evidence after, string renewed)
    {
        if (!after.IsRefreshTokenLive)
            violation("the vault's refresh token is dead, or there is none, after a renewal that nobody disturbed");
        if (suite.Vault.Secrets.Get(Evidence.AccessTokenName)?.Value != renewed)
            violation("the vault does not hold the renewed token");
    }

    private void JudgePath(Evidence before, Evidence after)
    {
        var signIns = after.SignIns - before.SignIns;
        if (signIns > 1)
            violation($"{signIns} sign-ins for one token");

        // Judged by what was tried, and not only by what was live: a grant that was on its way may have spent it since.
        if (signIns > 0 && before.IsRefreshTokenLive && after.RefusedRefreshTokens == before.RefusedRefreshTokens)
            violation("it signed in afresh although the vault's refresh token was live");
    }
}
