using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Samples;

/// <summary>A function that calls backup.net every morning.</summary>
/// <param name="api">Calls the vendor.</param>
/// <param name="logger">Told how many customers there are.</param>
public sealed partial class ListCustomers(VendorApi api, ILogger<ListCustomers> logger)
{
    [Function("ListCustomers")]
    public async Task RunAsync([TimerTrigger("0 0 6 * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var customers = await api.GetAsync("backupnet", "default", "v1/customers", cancellationToken);
        LogCustomers(customers.GetArrayLength());
    }

    [LoggerMessage(1, LogLevel.Information, "backup.net has {Count} customers")]
    private partial void LogCustomers(int count);
}
