namespace BackupFunctions.Testing;

/// <summary>
/// One Azurite for all tests of an assembly (an assembly fixture), started on first use. Tests use separate
/// containers and never stop it; a test that stops Azurite starts its own.
/// </summary>
public sealed class SharedAzurite : IAsyncDisposable
{
    private readonly Lazy<Task<AzuriteServer>> _server = new(AzuriteServer.StartAsync);

    public Task<AzuriteServer> ServerAsync() => _server.Value;

    public async ValueTask DisposeAsync()
    {
        if (_server is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            await (await _server.Value).DisposeAsync();
    }
}
