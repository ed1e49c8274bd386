using BackupFunctions.Connections;
using BackupFunctions.Vendors;
using Microsoft.Extensions.DependencyInjection;

namespace BackupFunctions.LocalHost.Tests.Vendors;

/// <summary>The vendors that share <c>RefreshCatalogue</c>, out of the box.</summary>
public sealed class CatalogueTests
{
    public static TheoryData<string> Names { get; } =
    [.. VendorProfiles.BuiltIn.Where(vendor => !vendor.HasOwnTimer).Select(vendor => vendor.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_emulated_API_accepts_the_token_with_the_replys_headers(string name)
    {
        await using var host = await RunningHost.StartAsync();
        var reply = await host.GetTokenAsync(name);

        var accepted = await CallAsync(host, name, reply, reply.AccessToken);
        var unknown = await CallAsync(host, name, reply, "another-token");

        Assert.Equal(200, accepted);
        Assert.Contains(
            unknown,
            reply.Body.GetProperty("rejected_statuses").EnumerateArray().Select(one => one.GetInt32())
        );
    }

    /// <summary>Makes the profile's harmless call as a caller does, who knows only the reply.</summary>
    private static async Task<int> CallAsync(RunningHost host, string vendor, GotToken reply, string token)
    {
        var directory = host.Services.GetRequiredService<ConnectionDirectory>();
        var connection = directory.Find(directory.FindVendor(vendor)!, ConnectionDirectory.DefaultName)!;
        var call = connection.Vendor.HarmlessCall!;
        using var network = new SocketsHttpHandler
        {
            // The emulators' certificates are self-signed.
            SslOptions =
            {
                RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null,
            },
        };
        using var client = new HttpClient(network);
        using var request = new HttpRequestMessage(
            HttpMethod.Parse(call.Method),
            connection.At(new Uri(reply.Text("base_url")!), call.Path)
        );
        request.Headers.Add("Authorization", $"Bearer {token}");
        foreach (var header in reply.Body.GetProperty("headers").EnumerateObject())
            request.Headers.Add(header.Name, header.Value.GetString());
        if (call.Json is { } json)
            request.Content = new StringContent(json, mediaType: new("application/json"));
        using var response = await client.SendAsync(request);
        return (int)response.StatusCode;
    }
}
