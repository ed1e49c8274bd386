namespace BackupFunctions.Emulators;

/// <summary>A secret: its versions, oldest first, and whether it is deleted.</summary>
internal sealed class StoredSecret
{
    public List<SecretVersion> Versions { get; } = [];

    public SecretVersion Current => Versions[^1];

    public DateTimeOffset? DeletedAt { get; set; }

    /// <summary>How many looks at the deleted or recovered secret the vault will still answer as if it had not come about.</summary>
    public int PollsLeft { get; set; }

    /// <summary>One look at a change that takes its time: true as long as it has not come about.</summary>
    public bool IsStillChanging()
    {
        if (PollsLeft == 0)
            return false;

        PollsLeft--;
        return true;
    }
}
