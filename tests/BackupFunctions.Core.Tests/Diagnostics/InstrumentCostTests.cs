using BackupFunctions.Core.Tests.FaultMatrix;
using BackupFunctions.Diagnostics;
using BackupFunctions.Problems;

namespace BackupFunctions.Core.Tests.Diagnostics;

/// <summary>Alone, because instruments are of the whole process, and other tests listen to them.</summary>
[Collection(nameof(Alone))]
public sealed class InstrumentCostTests
{
    [Fact]
    public void Measuring_a_warm_request_allocates_nothing()
    {
        Measure(100);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Measure(10_000);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);

        static void Measure(int times)
        {
            for (var i = 0; i < times; i++)
            {
                using var span = Spans.Start(Spans.GetToken);
                Instruments.RequestCounter.Add(1, new("vendor", "fake"), new("outcome", OutcomeName.Ok));
                Instruments.RemainingLifetimes.Record(3600, new KeyValuePair<string, object?>("vendor", "fake"));
            }
        }
    }
}
