using System.Text.Json.Nodes;

namespace BackupFunctions.Emulators;

/// <summary>
/// Key Vault's secrets REST API, as far as <c>SecretClient</c> of Azure.Security.KeyVault.Secrets uses it, over https
/// with a self-signed certificate. Any bearer token is accepted; without one the vault answers with its challenge. As
/// in the service, <c>exp</c> and <c>nbf</c> do not stop a read.
/// </summary>
public sealed class KeyVaultEmulator : Emulator
{
    // The SDK requests its token from the tenant named here: any UUID will do.
    private const string Challenge =
        "Bearer authorization=\"https://login.microsoftonline.com/8c1b7d0e-2f64-4d0b-9f5e-71a3c2e4b690\", "
        + "resource=\"https://vault.azure.net\"";

    private readonly VaultDenials _denials = new();

    /// <summary>An empty vault.</summary>
    /// <param name="options">Its clock and randomness.</param>
    /// <param name="name">Distinguishes two vaults.</param>
    public KeyVaultEmulator(EmulatorOptions options, string name = "vault")
        : base(
            name,
            options,
            LoopbackCertificate.Create(options.Time),
            Endpoints.Challenge,
            Endpoints.Get,
            Endpoints.Set,
            Endpoints.List,
            Endpoints.Versions,
            Endpoints.Update,
            Endpoints.Delete,
            Endpoints.Deleted,
            Endpoints.Recover,
            Endpoints.Purge
        ) => Secrets = new SecretStore(() => Now, Randomness);

    /// <summary>The secrets in the vault.</summary>
    public SecretStore Secrets { get; }

    /// <summary>How many polls find a deletion still in progress; 0 deletes at once.</summary>
    public int DeletePolls
    {
        get => Secrets.DeletePolls;
        set => Secrets.DeletePolls = value;
    }

    /// <summary>How many polls find a recovery still in progress; 0 recovers at once.</summary>
    public int RecoverPolls
    {
        get => Secrets.RecoverPolls;
        set => Secrets.RecoverPolls = value;
    }

    /// <summary>Denies an operation, as if the caller had no role for it.</summary>
    /// <param name="operation">One of <see cref="Endpoints"/>.</param>
    /// <param name="namePattern">The secrets to deny it on; <c>*</c> and <c>?</c> as in file names.</param>
    public void Deny(string operation, string namePattern = "*") => _denials.Add(operation, namePattern);

    /// <summary>Removes all denials.</summary>
    public void AllowAll() => _denials.Clear();

    /// <summary>Refuses the next calls with 429, as the service does beyond its limits.</summary>
    public void Throttle(int times, TimeSpan? retryAfter = null)
    {
        const string Message =
            "Request was not processed because too many requests were received. Reason: VaultRequestTypeLimitReached";
        var fault = Fault.Status(
            StatusCodes.Status429TooManyRequests,
            $$$"""{"error":{"code":"Throttled","message":"{{{Message}}}"}}""",
            "application/json; charset=utf-8",
            retryAfter
        );
        Faults.Add(Endpoints.Every, fault, times);
    }

    private protected override string EndpointOf(HttpRequest request)
    {
        if (VaultRoute.Of(request) is not { } route)
            return Endpoints.Unknown;

        return BearerToken.Of(request) is null ? Endpoints.Challenge : route.Operation;
    }

    private protected override async Task<Reply> AnswerAsync(string endpoint, HttpRequest request)
    {
        if (endpoint == Endpoints.Challenge)
            return Challenged();
        if (VaultRoute.Of(request) is not { } route)
            return Reply.NotFound();

        Count(route);
        try
        {
            if (!request.Query.ContainsKey("api-version"))
                throw VaultRefusal.BadParameter("api-version must be specified");
            if (route.Name.Length > 0)
                SecretLimits.CheckName(route.Name);
            if (_denials.Cover(route.Operation, route.Name))
                throw VaultRefusal.Forbidden(VaultDenials.ActionOf(route.Operation));

            return await AnswerAsync(route, request, $"{request.Scheme}://{request.Host}");
        }
        catch (VaultRefusalException refusal)
        {
            return Reply.Json(refusal.Status, SecretJson.Refusal(refusal));
        }
    }

    private static Reply Challenged() =>
        Reply
            .Json(
                StatusCodes.Status401Unauthorized,
                new JsonObject
                {
                    ["error"] = new JsonObject
                    {
                        ["code"] = "Unauthorized",
                        ["message"] = "AKV10000: Request is missing a Bearer or PoP token.",
                    },
                }
            )
            .WithHeader("WWW-Authenticate", Challenge);

    private void Count(VaultRoute route)
    {
        if (route.Operation is Endpoints.Get or Endpoints.Versions or Endpoints.List or Endpoints.Deleted)
            Secrets.CountRead(route.Name);
        else
            Secrets.CountWrite(route.Name);
    }

    private async Task<Reply> AnswerAsync(VaultRoute route, HttpRequest request, string vault) =>
        route switch
        {
            { Operation: Endpoints.Get } => Ok(
                SecretJson.Bundle(Secrets.Read(route.Name, route.Version), vault, withValue: true)
            ),
            { Operation: Endpoints.Set } => Ok(
                SecretJson.Bundle(await SetAsync(route.Name, request), vault, withValue: true)
            ),
            { Operation: Endpoints.Update } => Ok(
                SecretJson.Bundle(
                    Secrets.Update(route.Name, route.Version, await SecretChangeReader.ReadAsync(request)),
                    vault,
                    withValue: false
                )
            ),
            { Operation: Endpoints.List } => SecretPage.Of(request, vault, Secrets.All(), secret =>
                SecretJson.Item(secret, vault, withVersion: false)
            ),

            // The service lists versions by their ids, not by age.
            { Operation: Endpoints.Versions } => SecretPage.Of(
                request,
                vault,
                [.. Secrets.Versions(route.Name).OrderBy(static version => version.Version, StringComparer.Ordinal)],
                version => SecretJson.Item(version, vault, withVersion: true)
            ),
            { Operation: Endpoints.Delete } when Secrets.DeleteNow(route.Name) is var (secret, deletedAt) => Ok(
                SecretJson.Deleted(secret, deletedAt, vault, withVersion: true)
            ),
            { Operation: Endpoints.Deleted, Name: "" } => SecretPage.Of(request, vault, Secrets.AllDeleted(), deleted =>
                SecretJson.Deleted(deleted.Version, deleted.DeletedAt, vault, withVersion: false)
            ),
            { Operation: Endpoints.Deleted } when Secrets.ReadDeleted(route.Name) is var (secret, deletedAt) => Ok(
                SecretJson.Deleted(secret, deletedAt, vault, withVersion: true)
            ),
            { Operation: Endpoints.Recover } => Ok(
                SecretJson.Bundle(Secrets.Recover(route.Name), vault, withValue: false)
            ),
            _ => Purge(route.Name),
        };

    private async Task<SecretVersion> SetAsync(string name, HttpRequest request)
    {
        var change = await SecretChangeReader.ReadAsync(request);
        return change.Value is null
            ? throw VaultRefusal.BadParameter("Property value has invalid value")
            : Secrets.Set(name, change);
    }

    private Reply Purge(string name)
    {
        Secrets.Purge(name);
        return new Reply(StatusCodes.Status204NoContent);
    }

    private static Reply Ok(JsonObject body) => Reply.Json(StatusCodes.Status200OK, body);
}
