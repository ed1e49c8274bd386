using System.Globalization;
using BackupFunctions.Connections;
using BackupFunctions.Credentials;
using BackupFunctions.Emulators;
using BackupFunctions.Testing;
using BackupFunctions.Vendors;

namespace BackupFunctions.Simulation;

/// <summary>
/// Chooses a seed's accounts: the vendors, and their behaviour where their documentation leaves it open.
/// </summary>
internal sealed class AccountFactory(SeededRandom chance, EmulatorOptions options, KeyVaultEmulator vault)
{
    public IReadOnlyList<Account> Create()
    {
        (Func<Account> Create, double Wanted)[] all =
        [
            (() => Veeam(new VeeamEmulator(options)), 0.6),
            (() => Veeam(new VeeamVspcEmulator(options)), 0.5),
            (() => Acronis(AcronisProduct.CyberProtectCloud), 0.3),
            (AvePoint, 0.25),
            (Rubrik, 0.25),
            (BackupNet, 0.3),
            (() => Acronis(AcronisProduct.CyberApp), 0.2),
        ];
        var accounts = all.Where(one => chance.Hits(one.Wanted)).Take(3).Select(static one => one.Create()).ToList();
        if (accounts.Count == 0)
        {
            accounts.Add(all[0].Create());
        }

        foreach (var account in accounts)
        {
            account.SetAtVendor(0);
            account.SetInVault(0);
        }

        return accounts;
    }

    private Account Acronis(AcronisProduct product)
    {
        var vendor = new AcronisEmulator(product, options)
        {
            Expiry = chance.Of(AcronisExpiry.ExpiresOn, AcronisExpiry.ExpiresIn, AcronisExpiry.Both),
            TokenFormat = chance.Of(TokenFormat.Jwt, TokenFormat.Opaque),
        };
        return WithClientSecret(vendor, vendor.ClientId, secret => vendor.ClientSecret = secret);
    }

    private Account BackupNet()
    {
        var vendor = new BackupNetEmulator(options)
        {
            TokenLifetime = chance.Of(TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromMinutes(20)),
        };
        return WithClientSecret(vendor, vendor.ClientId, secret => vendor.ClientSecret = secret);
    }

    private Account Rubrik()
    {
        var vendor = new RubrikEmulator(options)
        {
            TokenLifetime = chance.Of(TimeSpan.FromHours(12), TimeSpan.FromHours(1)),
        };
        return WithClientSecret(vendor, vendor.ClientId, secret => vendor.ClientSecret = secret);
    }

    private Account WithClientSecret(VendorEmulator vendor, string clientId, Action<string> changeSecret)
    {
        At(vendor);
        var connection = new Connection
        {
            Vendor = ProfileOf(vendor),
            Key = new ConnectionKey(vendor.Name, ConnectionDirectory.DefaultName),
            BaseUrl = vendor.BaseAddress,
            TokenSecretName = $"{vendor.Name}-default-access-token",
            Server = vendor.BaseAddress,
            ClientId = clientId,
            Credential = new CredentialName($"{vendor.Name}-default-client-secret"),
        };
        return new Account(connection, vendor)
        {
            RotateAtVendor = version => changeSecret(Secret(vendor, version)),
            RotateInVault = version => vault.Secrets.Set(connection.Credential.Name, Secret(vendor, version)),
        };
    }

    private Account AvePoint()
    {
        var vendor = new AvePointEmulator(options)
        {
            TokenLifetime = chance.Of(TimeSpan.FromHours(1), TimeSpan.FromHours(4)),
        };
        At(vendor);
        var connection = new Connection
        {
            Vendor = ProfileOf(vendor),
            Key = new ConnectionKey(vendor.Name, ConnectionDirectory.DefaultName),
            TokenSecretName = "avepoint-default-access-token",
            Server = vendor.BaseAddress,
            ClientId = vendor.ClientId,
            Credential = new CredentialName("avepoint-default", IsCertificate: true),
            Scope = AvePointEmulator.Scope,
        };
        return new Account(connection, vendor)
        {
            RotateAtVendor = version => vendor.ReplaceCertificate(Certificates.At(version)),
            RotateInVault = version =>
                vault.Secrets.Set(connection.Credential.Name, Certificates.PemAt(version), "application/x-pem-file"),
        };
    }

    /// <summary>An account whose refresh tokens work once, at a server of any of Veeam's products.</summary>
    private Account Veeam(VeeamEmulator vendor)
    {
        var totp = chance.Hits(0.5);
        vendor.MfaRequired = chance.Hits(0.6);
        vendor.ReuseEndsSession = chance.Hits(0.5);
        vendor.SignInEndsEarlierSessions |= chance.Hits(0.3);
        vendor.DatesWithoutZone = chance.Hits(0.5);
        vendor.ContradictLifetimes = chance.Hits(0.3);
        vendor.TokenFormat = chance.Of(TokenFormat.Jwt, TokenFormat.Opaque);
        At(vendor);
        var connection = new Connection
        {
            Vendor = ProfileOf(vendor),
            Key = new ConnectionKey(vendor.Name, ConnectionDirectory.DefaultName),
            BaseUrl = vendor.BaseAddress,
            TokenSecretName = $"{vendor.Name}-default-access-token",
            Server = vendor.BaseAddress,
            Username = vendor.Username,
            Credential = new CredentialName($"{vendor.Name}-default-password"),
            TotpSecret = new CredentialName($"{vendor.Name}-default-totp-secret", IsOptional: true),
        };
        if (totp)
        {
            vault.Secrets.Set(connection.TotpSecret.Name, vendor.TotpSecret);
        }

        return new Account(connection, vendor)
        {
            NeedsPerson = vendor.MfaRequired && !totp,
            Excuse = "it is not enrolled yet",
            RotateAtVendor = version => vendor.Password = Secret(vendor, version),
            RotateInVault = version => vault.Secrets.Set(connection.Credential.Name, Secret(vendor, version)),
        };
    }

    private static VendorProfile ProfileOf(VendorEmulator vendor) =>
        VendorProfiles.BuiltIn.Single(profile => profile.Name == vendor.Name);

    private static void At(VendorEmulator vendor) =>
        vendor.BaseAddress = new Uri($"https://{vendor.Name}.emulator.test/");

    private static string Secret(VendorEmulator vendor, int version) =>
        string.Create(CultureInfo.InvariantCulture, $"the-secret-of-{vendor.Name}-number-{version}");
}
