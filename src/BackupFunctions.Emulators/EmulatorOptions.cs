namespace BackupFunctions.Emulators;

/// <summary>What all emulators share: clock, randomness, ports and accepted credentials.</summary>
public sealed class EmulatorOptions
{
    private EmulatedCredentials? _credentials;

    /// <summary>
    /// The clock of every emulator; each can deviate from it by its <see cref="Emulator.ClockOffset"/>.
    /// </summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>A seed that replays tokens, secret versions and generated secrets; null for random ones.</summary>
    public int? Seed { get; set; }

    /// <summary>
    /// The vault's port, the others follow in the order of <see cref="EmulatorPorts"/>; 0 takes free ports.
    /// </summary>
    public int FirstPort { get; set; }

    /// <summary>The individual ports; overrides <see cref="FirstPort"/>.</summary>
    public EmulatorPorts? Ports { get; set; }

    /// <summary>Whether access tokens have their own vault, <see cref="EmulatorSuite.TokenVault"/>.</summary>
    public bool SeparateTokenVault { get; set; }

    /// <summary>Where requests are logged, by endpoint and outcome only; null for no log.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>What the vendors accept and the vault is seeded with; generated on first use.</summary>
    public EmulatedCredentials Credentials
    {
        get => LazyInitializer.EnsureInitialized(ref _credentials, () => EmulatedCredentials.Generate(Time, Seed));
        set => _credentials = value;
    }
}
