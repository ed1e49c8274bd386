using System.Security.Cryptography.X509Certificates;

namespace BackupFunctions.Emulators;

/// <summary>The certificates registered for a client. Only their public halves are kept.</summary>
public sealed class RegisteredCertificates
{
    private readonly Lock _gate = new();
    private readonly List<X509Certificate2> _certificates = [];

    internal RegisteredCertificates() { }

    /// <summary>Accepts assertions signed with this certificate's key from now on.</summary>
    public void Register(X509Certificate2 certificate)
    {
        lock (_gate)
            _certificates.Add(X509CertificateLoader.LoadCertificate(certificate.RawData));
    }

    /// <summary>Stops accepting this certificate.</summary>
    /// <param name="thumbprint">As <see cref="X509Certificate2.Thumbprint"/> writes it.</param>
    public void Remove(string thumbprint)
    {
        lock (_gate)
            _certificates.RemoveAll(certificate =>
                string.Equals(certificate.Thumbprint, thumbprint, StringComparison.OrdinalIgnoreCase)
            );
    }

    /// <summary>Stops accepting any assertion.</summary>
    public void Clear()
    {
        lock (_gate)
            _certificates.Clear();
    }

    internal IReadOnlyList<X509Certificate2> All()
    {
        lock (_gate)
            return [.. _certificates];
    }
}
