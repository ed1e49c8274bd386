namespace BackupFunctions.Simulation;

/// <summary>Connects an instance's HTTP clients to the simulated network.</summary>
internal sealed class InstanceHandler(World world, Instance instance) : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    ) => world.Network.SendAsync(instance, world.ServerOf(request.RequestUri!), request, cancellationToken);
}
