namespace BackupFunctions.Core.Tests.Fakes;

/// <summary>A call to a fake that returns only when the test releases it.</summary>
internal sealed class HeldCall
{
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the call has begun.</summary>
    public Task Entered => _entered.Task;

    public void Release() => _released.TrySetResult();

    public Task EnterAsync()
    {
        _entered.TrySetResult();
        return _released.Task;
    }
}
