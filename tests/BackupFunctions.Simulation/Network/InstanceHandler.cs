namespace BackupFunctions.Simulation;

/// <summary>
/// Connects an instance's HTTP clients to the simulated network, with the planted fault if there is one.
/// </summary>
internal sealed class InstanceHandler(World world, Instance instance) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var server = world.ServerOf(request.RequestUri!);
        var response = await world.Network.SendAsync(instance, server, request, cancellationToken);
        return server.Name == world.SpendsTwice && await IsRefreshAsync(request)
            ? await world.Network.SendAsync(instance, server, request, cancellationToken)
            : response;
    }

    private static async Task<bool> IsRefreshAsync(HttpRequestMessage request) =>
        request.Content is { } form
        && (await form.ReadAsStringAsync()).Contains("refresh_token=", StringComparison.Ordinal);
}
