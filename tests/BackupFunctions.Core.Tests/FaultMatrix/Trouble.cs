using BackupFunctions.Emulators;
using BackupFunctions.Testing;

namespace BackupFunctions.Core.Tests.FaultMatrix;

/// <summary>The faults of the matrix by their names in its rows: how each begins and ends.</summary>
internal static class Trouble
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Drift = TimeSpan.FromMinutes(10);

    /// <summary>Begins a fault.</summary>
    public static void Begin(World world, string fault)
    {
        var (where, what) = fault.Split(": ") is [var place, var rest] ? (place, rest) : ("", fault);
        switch (where)
        {
            case "vendor":
                world.Vendor.Faults.Add(Endpoints.Token, Reply(world, what));
                break;
            case "discovery":
                world.Vendor.Faults.Add(Endpoints.Discovery, Reply(world, what));
                break;
            case "vault read" when what == "403":
                world.Vault.Deny(Endpoints.Get);
                break;
            case "vault write" when what == "403":
                world.Vault.Deny(Endpoints.Set);
                break;
            case "vault read":
                world.Vault.Faults.Add(Endpoints.Get, Reply(world, what));
                break;
            case "vault write":
                world.Vault.Faults.Add(Endpoints.Set, Reply(world, what));
                break;
            default:
                BeginOther(world, fault);
                break;
        }
    }

    /// <summary>Ends a fault: everything is healthy again, and the operator has done what was needed.</summary>
    public static void End(World world, string fault)
    {
        world.Vendor.Faults.Clear();
        world.Vault.Faults.Clear();
        world.Vault.AllowAll();
        world.Locks.IsAway = false;
        world.Locks.IsHeldElsewhere = false;
        if (fault == "credential: newer at the vendor")
            SaveNewCredential(world);
    }

    private static void BeginOther(World world, string fault)
    {
        switch (fault)
        {
            case "token: revoked":
                world.Vendor.RevokeAllTokens();
                break;
            case "credential: newer in the vault than in the cache":
                ChangeCredential(world);
                SaveNewCredential(world);

                // At Veeam, changing a password ends the sessions of the old one.
                (world.Vendor as VeeamEmulator)?.EndAllSessions();
                break;
            case "credential: newer at the vendor":
                ChangeCredential(world);
                break;
            case "clock: 10 minutes fast":
                world.Vendor.ClockOffset = Drift;
                break;
            case "clock: 10 minutes slow":
                world.Vendor.ClockOffset = -Drift;
                break;
            case "lock: away":
                world.Locks.IsAway = true;
                break;
            case "lock: held by another":
                world.Locks.IsHeldElsewhere = true;
                break;
            case "lock: lost in the middle":
                world.Vendor.Faults.Add(Endpoints.Token, Fault.Delay(TimeSpan.FromSeconds(0.5)));
                world.Time.CreateTimer(
                    _ => world.Locks.LoseAll(),
                    null,
                    TimeSpan.FromSeconds(0.2),
                    Timeout.InfiniteTimeSpan
                );
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(fault), fault, "Nobody knows this fault.");
        }
    }

    private static Fault Reply(World world, string what) =>
        what switch
        {
            "no answer" => Fault.Hang(),
            "reset before" => Fault.Reset(),
            "reset after" => Fault.LoseReply(),
            "429 for 120 s" => Fault.Status(429, retryAfter: Long),
            "429 until a date" => Fault.Status(429, retryAfterDate: world.Time.GetUtcNow() + Long),
            "HTML with 200" => Fault.Html(),
            "HTML with 403" => Fault.Html(403),
            "HTML with 503" => Fault.Html(503),
            "truncated JSON" => Fault.TruncatedJson(),
            "no access_token" => Fault.EditReply(json => _ = json.Remove("access_token") || json.Remove("tokens")),
            "no token_endpoint" => Fault.EditReply(json => json.Remove("token_endpoint")),
            "endpoint at another host" => Fault.EditReply(json =>
                json["token_endpoint"] = "https://169.254.169.254/token"
            ),
            _ => Fault.Status(int.Parse(what, System.Globalization.CultureInfo.InvariantCulture)),
        };

    private static void ChangeCredential(World world)
    {
        switch (world.Vendor)
        {
            case AcronisEmulator acronis:
                acronis.ClientSecret = NewSecret;
                break;
            case AvePointEmulator avePoint:
                avePoint.ReplaceCertificate(World.NextCertificate);
                break;
            case BackupNetEmulator backupNet:
                backupNet.ClientSecret = NewSecret;
                break;
            case VeeamEmulator veeam:
                veeam.Password = NewSecret;
                break;
            case ICatalogueEmulator catalogue:
                catalogue.ChangeSecret(NewSecret);
                break;
        }
    }

    private static void SaveNewCredential(World world)
    {
        var name = world.Vendor switch
        {
            AvePointEmulator => "avepoint-default",
            VeeamEmulator => $"{world.Vendor.Name}-default-password",
            _ => $"{world.Vendor.Name}-default-client-secret",
        };
        world.Vault.Secrets.Seed([
            world.Vendor is AvePointEmulator
                ? EmulatedCredentials.CertificateSecret(name, World.NextCertificate)
                : new EmulatedSecret(name, NewSecret, "text/plain"),
        ]);
    }

    private static string NewSecret => SuiteLog.Guard("the-next-secret-of-the-matrix");
}
