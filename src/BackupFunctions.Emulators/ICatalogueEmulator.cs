namespace BackupFunctions.Emulators;

/// <summary>
/// A vendor's emulator that a suite finds by itself: a class with a constructor that takes
/// <see cref="EmulatorOptions"/>.
/// </summary>
public interface ICatalogueEmulator
{
    /// <summary>The vendor's name in settings.</summary>
    string SettingsName { get; }

    /// <summary>The settings of a connection to it, by their names.</summary>
    IReadOnlyDictionary<string, string> ConnectionSettings { get; }

    /// <summary>The secrets of the connection <c>default</c>, under their default names.</summary>
    IReadOnlyList<EmulatedSecret> ConnectionSecrets { get; }

    /// <summary>Accepts another secret from now on, and the old one no more.</summary>
    void ChangeSecret(string secret);
}
