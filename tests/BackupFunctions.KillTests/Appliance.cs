using System.Net.Http.Headers;
using System.Security.Cryptography;
using BackupFunctions.Emulators;

namespace BackupFunctions.KillTests;

/// <summary>The API of the Veeam emulator, as somebody uses it who was handed a token.</summary>
internal sealed class Appliance(VeeamEmulator veeam) : IDisposable
{
    private readonly HttpClient _client = new(
        new SocketsHttpHandler
        {
            SslOptions =
            {
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                    veeam.CertificateSha256 == Convert.ToHexStringLower(SHA256.HashData(certificate!.GetRawCertData())),
            },
        }
    )
    {
        BaseAddress = veeam.BaseAddress,
    };

    public async Task<bool> AcceptsAsync(string accessToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v8/policies/virtualMachines");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        using var reply = await _client.SendAsync(request);
        return reply.IsSuccessStatusCode;
    }

    public void Dispose() => _client.Dispose();
}
