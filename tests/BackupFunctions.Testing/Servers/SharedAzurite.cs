namespace BackupFunctions.Testing;

/// <summary>
/// One Azurite for all tests of an assembly (an assembly fixture), started by the first that asks. Tests keep apart by
/// containers of their own, and never stop it: who stops one starts one.
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
