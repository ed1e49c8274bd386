namespace BackupFunctions.Emulators;

/// <summary>A secret: its versions, oldest first, and whether it is deleted.</summary>
internal sealed class StoredSecret
{
    public List<SecretVersion> Versions { get; } = [];

    public SecretVersion Current => Versions[^1];

    public DateTimeOffset? DeletedAt { get; set; }

    /// <summary>How many more polls find the deletion or recovery still in progress.</summary>
    public int PollsLeft { get; set; }

    /// <summary>Polls a deletion or recovery once: true while it is in progress.</summary>
    public bool IsStillChanging()
    {
        if (PollsLeft == 0)
            return false;

        PollsLeft--;
        return true;
    }
}
