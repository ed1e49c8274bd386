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
        Func<Account>[] all =
        [
            Veeam,
            () => Acronis(AcronisProduct.CyberProtectCloud),
            BackupNet,
            () => Acronis(AcronisProduct.CyberApp),
            AvePoint,
        ];
        double[] wanted = [0.75, 0.5, 0.5, 0.35, 0.25];
        var accounts = all.Where((_, index) => chance.Hits(wanted[index])).Take(3).Select(create => create()).ToList();
        if (accounts.Count == 0)
        {
            accounts.Add(Veeam());
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
        At(vendor);
        var connection = new Connection
        {
            Vendor = ProfileOf(vendor),
            Key = new ConnectionKey(vendor.Name, ConnectionDirectory.DefaultName),
            BaseUrl = vendor.BaseAddress,
            TokenSecretName = $"{vendor.Name}-default-access-token",
            Server = vendor.BaseAddress,
            ClientId = vendor.ClientId,
            Credential = new CredentialName($"{vendor.Name}-default-client-secret"),
        };
        return new Account(connection, vendor)
        {
            RotateAtVendor = version => vendor.ClientSecret = Secret(vendor, version),
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

    private Account BackupNet()
    {
        var vendor = new BackupNetEmulator(options)
        {
            TokenLifetime = chance.Of(TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromMinutes(20)),
        };
        At(vendor);
        var connection = new Connection
        {
            Vendor = ProfileOf(vendor),
            Key = new ConnectionKey(vendor.Name, ConnectionDirectory.DefaultName),
            TokenSecretName = "backupnet-default-access-token",
            Server = vendor.BaseAddress,
            ClientId = vendor.ClientId,
            Credential = new CredentialName("backupnet-default-client-secret"),
        };
        return new Account(connection, vendor)
        {
            RotateAtVendor = version => vendor.ClientSecret = Secret(vendor, version),
            RotateInVault = version => vault.Secrets.Set(connection.Credential.Name, Secret(vendor, version)),
        };
    }

    private Account Veeam()
    {
        var mfa = chance.Hits(0.6);
        var totp = mfa && chance.Hits(0.5);
        var vendor = new VeeamEmulator(options)
        {
            MfaRequired = mfa,
            ReuseEndsSession = chance.Hits(0.5),
            SignInEndsEarlierSessions = chance.Hits(0.3),
            DatesWithoutZone = chance.Hits(0.5),
            ContradictLifetimes = chance.Hits(0.3),
            TokenFormat = chance.Of(TokenFormat.Jwt, TokenFormat.Opaque),
        };
        At(vendor);
        var connection = new Connection
        {
            Vendor = ProfileOf(vendor),
            Key = new ConnectionKey(vendor.Name, ConnectionDirectory.DefaultName),
            BaseUrl = vendor.BaseAddress,
            TokenSecretName = "veeam-default-access-token",
            Server = vendor.BaseAddress,
            Username = vendor.Username,
            Credential = new CredentialName("veeam-default-password"),
            TotpSecret = new CredentialName("veeam-default-totp-secret", IsOptional: true),
        };
        if (totp)
        {
            vault.Secrets.Set(connection.TotpSecret.Name, vendor.TotpSecret);
        }

        return new Account(connection, vendor)
        {
            NeedsPerson = mfa && !totp,
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
