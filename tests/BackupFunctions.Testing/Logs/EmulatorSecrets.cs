using BackupFunctions.Emulators;

namespace BackupFunctions.Testing;

/// <summary>Guards the secrets of emulators in the suite's log.</summary>
public static class EmulatorSecrets
{
    /// <summary>Guards what the emulated vendors accept.</summary>
    public static EmulatedCredentials Guarded(this EmulatedCredentials credentials)
    {
        foreach (var secret in credentials.VaultSecrets())
        {
            SuiteLog.Guard(secret.Value);
        }

        return credentials;
    }

    /// <summary>Guards the tokens in an emulated vault.</summary>
    public static void GuardTokens(this KeyVaultEmulator vault)
    {
        foreach (var name in vault.Secrets.Names.Where(name => name.EndsWith("token", StringComparison.Ordinal)))
        {
            SuiteLog.Guard(vault.Secrets.Get(name)!.Value);
        }
    }
}
