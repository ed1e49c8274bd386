using System.Text.Json;
using BackupFunctions.Tokens;
using OtpNet;

namespace BackupFunctions.Simulation;

/// <summary>The person who enrols an account without a TOTP secret: signs in with a code and saves the refresh token in the vault.</summary>
internal sealed class Operator(World world)
{
    public void EnrolSoon(Account account)
    {
        if (!account.IsEnrolmentAwaited)
        {
            account.IsEnrolmentAwaited = true;
            world.In(world.Chance.Between(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10)), null, () => Enrol(account));
        }
    }

    private void Enrol(Account account)
    {
        if (world.Weather.IsStormy || world.Now < account.HealthyFrom || world.Instances.Any() is not { } instance)
        {
            world.In(TimeSpan.FromMinutes(5), null, () => Enrol(account));
            return;
        }

        var veeam = account.Veeam!;
        var first = Send(account, instance, ("grant_type", "Password"), ("Username", veeam.Username), ("Password", veeam.Password));
        var code = new Totp(Base32Encoding.ToBytes(veeam.TotpSecret)).ComputeTotp(veeam.Now.UtcDateTime);
        if (first.TryGetProperty("mfa_token", out var mfa)
            && Send(account, instance, ("grant_type", "Mfa"), ("mfa_token", mfa.GetString()!), ("mfa_code", code)) is var second
            && second.TryGetProperty("refresh_token", out var refreshToken))
        {
            Save(account, refreshToken.GetString()!);
            instance.Run(() => RefreshAsync(instance, account));
            world.In(TimeSpan.FromMinutes(3), null, () => AgainIfKilled(account));
        }
        else
        {
            world.In(TimeSpan.FromMinutes(1), null, () => Enrol(account));
        }
    }

    private void AgainIfKilled(Account account)
    {
        if (account.IsEnrolmentAwaited)
        {
            Enrol(account);
        }
    }

    private void Save(Account account, string refreshToken)
    {
        world.Note($"{account.Key} enrolled");
        world.Figures.Enrolments++;
        (account.LastRefreshToken, account.VaultRefreshToken) = (refreshToken, refreshToken);
        world.Vault.Secrets.Set(
            account.Connection.RefreshTokenSecretName,
            refreshToken,
            "application/vnd.oauth.refresh-token",
            world.Now + TimeSpan.FromDays(14),
            world.Now,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["vendor"] = account.Key.Vendor,
                ["connection"] = account.Key.Connection,
                ["base_url"] = account.Connection.BaseUrl!.AbsoluteUri.TrimEnd('/'),
                ["fingerprint"] = Fingerprint.Of(refreshToken),
            });
    }

    private async Task RefreshAsync(Instance instance, Account account)
    {
        try
        {
            world.Checks.OperatorActs(account);
            await instance.Broker.RefreshNowAsync(instance.TargetOf(account), CancellationToken.None);
        }
        catch (TokenException exception)
        {
            world.Note($"{account.Key} not refreshed: {exception.Failure.Kind}");
        }
        finally
        {
            (account.IsEnrolmentAwaited, account.EnrolledAt, account.Excuse) = (false, world.Now, null);
        }
    }

    private static JsonElement Send(Account account, Instance instance, params (string Name, string Value)[] form)
    {
        using var content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(account.Vendor.BaseAddress, "api/oauth2/token")) { Content = content };
        var call = new Call(instance, request, content.ReadAsByteArrayAsync().Result, default);
        using var document = JsonDocument.Parse(EmulatorAnswers.Of(account.Vendor, call).Body);
        return document.RootElement.Clone();
    }
}
