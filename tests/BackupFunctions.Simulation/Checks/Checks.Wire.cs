using BackupFunctions.SignIn;
using BackupFunctions.Tokens;

namespace BackupFunctions.Simulation;

/// <summary>What is seen on the wire to vendors and vault.</summary>
internal sealed partial class Checks
{
    private static bool IsDelivered(Mishap mishap) => mishap is Mishap.None or Mishap.Slow;

    public void Watch(Account account, Server server)
    {
        server.Sent = call => TokenRequestSent(account, call);
        server.Handled = (call, answer, mishap) => TokenRequestHandled(account, call, answer, mishap);
        server.Ended = call => account.UnderWay.Remove(call);
    }

    /// <summary>An instance has died: what it was about to save is lost.</summary>
    public void Died(Instance instance)
    {
        foreach (
            var (fingerprint, _) in _reportedDead
                .Where(report => report.Value.To == instance && world.Now - report.Value.At < ToldWithin)
                .ToList()
        )
        {
            _reportedDead.Remove(fingerprint);
        }

        foreach (var account in world.Accounts)
        {
            // It may not have put on record that it failed.
            account.BackOff.Succeeded();
            account.UnderWay.RemoveAll(call => call.From == instance);
            ForgetAnsweredTo(instance, account);
            if (account.LastRefreshToken != account.VaultRefreshToken)
            {
                account.Excuse = $"{instance.Name} died before its refresh token was saved";
            }
        }
    }

    private void TokenRequestSent(Account account, Call call)
    {
        world.Figures.VendorCalls++;
        if (!call.IsTokenRequest)
        {
            return;
        }

        if (
            account.UnderWay.Find(other => other.From != call.From) is { } other
            && world.Locks.WasSound(account.Key, LockAftermath)
        )
        {
            Violated(
                $"{call.From.Name} asks {account.Key} while {other.From.Name} does so since {other.SentAt:HH:mm:ss.fff}"
            );
        }

        RefreshTokenSent(account, call);
        account.UnderWay.Add(call);
    }

    private void TokenRequestHandled(Account account, Call call, Answer answer, Mishap mishap)
    {
        if (!call.IsTokenRequest)
        {
            return;
        }

        var wasHeard = IsDelivered(mishap) && call.From.IsAlive && account.UnderWay.Contains(call);
        RefreshTokenAnswered(call, wasHeard);
        if (
            answer.Status == 200
            && Parsed(answer.Body) is { } json
            && json.TryGetProperty("access_token", out var accessToken)
        )
        {
            var refreshToken = json.TryGetProperty("refresh_token", out var granted) ? granted.GetString() : null;
            var token = accessToken.GetString()!;
            _grants[token] = new Grant(
                _grants.Count,
                account.Vendor.ExpiresAt(token)!.Value,
                account.Vendor.ClockOffset,
                refreshToken
            );
            _granted.Add(Fingerprint.Of(token));
            world.Note(
                $"{account.Key.Vendor} granted {call.From.Name} token {_grants.Count - 1}{(wasHeard ? "" : ", unheard")}"
            );
            world.Figures.Granted(account.Key.Vendor);
            if (refreshToken is not null)
            {
                account.LastRefreshToken = refreshToken;
                account.Excuse = wasHeard ? account.Excuse : "the answer with its refresh token was lost";
            }

            if (world.Chance.Hits(world.Weather.DeathAfterGrant))
            {
                world.In(world.Chance.Seconds(0, 0.6), call.From, () =>
                    world.Instances.Kill(call.From, "after a grant")
                );
            }
        }
        else if (answer.Status is 400 or 401 or 403)
        {
            world.Note($"{account.Key.Vendor} refused {call.From.Name}{(call.IsRefresh ? " a refresh token" : "")}");
            if (call.IsRefresh && account.Vendor.ClientDisabled)
            {
                // It would work again, but what was refused once is never sent again.
                account.Excuse = "its refresh token was refused while the account was disabled";
            }

            if (!call.IsRefresh && wasHeard)
            {
                CountRefusal(account);
            }
        }
    }

    /// <summary>
    /// Never more than three refused sign-ins per account and hour. A refusal that never arrived is a time-out to who
    /// waits for it: back-off keeps those apart, which <see cref="SignInBegins"/> watches.
    /// </summary>
    private void CountRefusal(Account account)
    {
        account.Refusals.RemoveAll(refusal => refusal <= world.Now - Hour);
        account.Refusals.Add(world.Now);
        var figures = world.Figures;
        figures.MostRefusedSignInsWithoutStorage = Math.Max(
            figures.MostRefusedSignInsWithoutStorage,
            account.Refusals.Count
        );
        if (world.Locks.WasSound(account.Key, Hour) && world.Now - _operatorActed.GetValueOrDefault(account.Key) > Hour)
        {
            figures.MostRefusedSignIns = Math.Max(figures.MostRefusedSignIns, account.Refusals.Count);
            if (account.Refusals.Count > RefusalBudget.MostPerHour)
            {
                Violated(
                    $"{account.Key} refused {account.Refusals.Count} sign-ins within an hour, since "
                        + $"{account.Refusals[0]:HH:mm:ss}"
                );
            }
        }
    }

    private int? Number(string? token) => token is null ? null : _grants.GetValueOrDefault(token)?.Number;

    /// <summary>An instance sends a secret to the vault.</summary>
    public void OfferedToVault(Instance instance, string name, string value)
    {
        foreach (var account in world.Accounts)
        {
            if (name == account.Connection.RefreshTokenSecretName)
            {
                _refreshTokensOffered.Add((account.Key, value));
            }
            else if (
                name == account.Connection.TokenSecretName
                && _grants.TryGetValue(value, out var grant)
                && grant.RefreshToken is { } refreshToken
                && !_refreshTokensOffered.Contains((account.Key, refreshToken))
            )
            {
                Violated(
                    $"{instance.Name} saves access token {grant.Number} of "
                        + $"{account.Key} before the refresh token that came with it"
                );
            }
        }
    }

    /// <summary>The vault has taken a secret, or it was deleted or recovered there.</summary>
    public void SavedInVault(Instance instance, string name)
    {
        foreach (var account in world.Accounts)
        {
            if (name == account.Connection.RefreshTokenSecretName)
            {
                account.VaultRefreshToken = world.Vault.Secrets.Get(name)?.Value;
            }
            else if (name == account.Connection.TokenSecretName)
            {
                account.VaultToken = world.Vault.Secrets.Get(name)?.Value;
                account.IsVaultTokenKnownDead = false;
                world.Note($"{instance.Name} saved {account.Key} token {Number(account.VaultToken)}");
                TokenChanged(account);
            }
        }
    }
}
