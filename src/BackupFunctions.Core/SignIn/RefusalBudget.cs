namespace BackupFunctions.SignIn;

/// <summary>
/// How often the vendor may still refuse the credentials of one attempt before the account is left alone. Vendors lock
/// accounts by such a count, so it is the only one there is: everything that sends credentials counts its refusals
/// here.
/// </summary>
/// <param name="allowed">How many refusals the attempt may meet.</param>
/// <param name="reserve">
/// Records that there may be this many refusals in all by the time the next answer arrives, in case the process is
/// killed first.
/// </param>
internal sealed class RefusalBudget(int allowed, Func<int, ValueTask> reserve)
{
    /// <summary>How many refusals an account may meet within an hour.</summary>
    public const int MostPerHour = 3;

    /// <summary>A full budget of which nothing is recorded.</summary>
    public RefusalBudget()
        : this(MostPerHour, static _ => ValueTask.CompletedTask) { }

    /// <summary>How many refusals the attempt has met.</summary>
    public int Met { get; private set; }

    /// <summary>How many more it may meet.</summary>
    public int Left => allowed - Met;

    /// <summary>Counts a refusal that ends the sign-in.</summary>
    public void Add() => Met++;

    /// <summary>Counts a refusal after which credentials are sent once more.</summary>
    public ValueTask AddBeforeRetryAsync()
    {
        Met++;
        return ReserveNextAsync();
    }

    /// <summary>Reserves one more refusal, before credentials are sent once more.</summary>
    public ValueTask ReserveNextAsync() => reserve(Met + 1);
}
