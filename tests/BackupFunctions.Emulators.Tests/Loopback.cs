namespace BackupFunctions.Emulators.Tests;

/// <summary>
/// A client's side of the loopback: it trusts the one certificate of the emulator and follows no redirect.
/// </summary>
internal static class Loopback
{
    public static SocketsHttpHandler Handler(Emulator emulator) =>
        new()
        {
            AllowAutoRedirect = false,
            SslOptions =
            {
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                    certificate!.Equals(emulator.Certificate),
            },
        };
}
