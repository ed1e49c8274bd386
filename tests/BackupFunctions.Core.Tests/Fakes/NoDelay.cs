using Azure;
using Azure.Core;

namespace BackupFunctions.Core.Tests.Fakes;

/// <summary>Lets a client of the Azure SDK repeat at once what may be repeated.</summary>
internal sealed class NoDelay : DelayStrategy
{
    protected override TimeSpan GetNextDelayCore(Response? response, int retryNumber) => TimeSpan.Zero;
}
