namespace BackupFunctions.Simulation;

/// <summary>What an instance's HTTP clients end in, in place of sockets.</summary>
internal sealed class InstanceHandler(World world, Instance instance) : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    ) => world.Network.SendAsync(instance, world.ServerOf(request.RequestUri!), request, cancellationToken);
}
