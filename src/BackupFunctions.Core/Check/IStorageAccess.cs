namespace BackupFunctions.Check;

/// <summary>The storage of locks and ledger, as far as a check asks it what it allows.</summary>
internal interface IStorageAccess
{
    /// <summary>Whether settings name any.</summary>
    bool IsSet { get; }

    /// <summary>Whether they are wrong, so that it is not known where it would be.</summary>
    bool IsSettingWrong { get; }

    /// <summary>The account's name.</summary>
    string Account { get; }

    /// <summary>Tries to read and to write, and leaves nothing behind.</summary>
    Task<StorageTrial> TryAsync(CancellationToken cancellationToken);
}
