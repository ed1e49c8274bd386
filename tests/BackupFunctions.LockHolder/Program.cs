// Another process that holds a refresh lock, for tests that kill it. Its first argument is the connection,
// vendor/connection; the first line of its standard input is the connection string. It says "held" and holds until its
// input ends.
using BackupFunctions.Connections;
using BackupFunctions.Locking;
using BackupFunctions.Settings;
using BackupFunctions.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
{
    ["AzureWebJobsStorage"] = await Console.In.ReadLineAsync(),
};
var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
await using var services = new ServiceCollection()
    .AddLogging()
    .Configure<BackupFunctionsOptions>(options => options.Storage = StorageSettings.Read(configuration, []))
    .AddStorage()
    .BuildServiceProvider();
var key = args[0].Split('/');
await using var lease = await services
    .GetRequiredService<IRefreshLock>()
    .AcquireAsync(new ConnectionKey(key[0], key[1]), CancellationToken.None);
Console.WriteLine("held");
await Console.In.ReadToEndAsync();
