using BackupFunctions.Settings;
using static BackupFunctions.Check.FindingType;

namespace BackupFunctions.Check;

/// <summary>Checks the storage of refresh locks and the ledger, if it is configured.</summary>
internal sealed class StorageCheck(IStorageProbe storage, HostingPlatform platform)
{
    private const string Subject = "storage";

    public CheckStep Step =>
        new(
            CheckGroup.Storage,
            Unreachable(Subject, "The storage of locks and ledger did not answer in time."),
            CheckAsync
        );

    private async Task<IReadOnlyList<Finding>> CheckAsync(CancellationToken cancellationToken)
    {
        if (storage.IsSettingWrong)
        {
            return
            [
                new Finding(
                    StorageUnchecked,
                    Subject,
                    "The storage of locks and ledger is not checked, because its setting is invalid."
                ),
            ];
        }

        if (!storage.IsSet)
        {
            return [platform.IsLocal ? NotSet() : Missing()];
        }

        var subject = $"{Subject} {storage.Account}";
        return await storage.TryAsync(cancellationToken) switch
        {
            null => [new Finding(StorageGood, subject, "The app can read and write locks and ledger.")],
            { IsDenied: true } denied =>
            [
                new Finding(
                    StorageDenied,
                    subject,
                    $"The app may not use the storage of locks and ledger: {denied.Problem}",
                    "Assign the role Storage Blob Data Owner, and check the account's firewall.",
                    AzureCommands.AssignBlobRole(storage.Account)
                ),
            ],
            { } failed => [Unreachable(subject, $"The storage of locks and ledger cannot be used: {failed.Problem}")],
        };
    }

    private static Finding NotSet() =>
        new(
            StorageNotSet,
            Subject,
            "AzureWebJobsStorage is not set: this process shares locks and refusals with no other, "
                + "and forgets them when it stops."
        );

    private static Finding Missing() =>
        new(
            StorageMissing,
            Subject,
            "AzureWebJobsStorage is not set: the Functions host starts no timer, so that nothing is renewed in time, "
                + "and instances share neither locks nor refusals.",
            "Set AzureWebJobsStorage, or AzureWebJobsStorage__accountName and __credential for an identity."
        );

    private static Finding Unreachable(string subject, string problem) =>
        new(
            StorageUnreachable,
            subject,
            problem,
            "Check AzureWebJobsStorage, and that the account's firewall allows this host."
        );
}

/// <summary>Finds out by trying whether this host can use the storage of locks and ledger.</summary>
internal interface IStorageProbe
{
    /// <summary>Whether storage is configured.</summary>
    bool IsSet { get; }

    /// <summary>Whether its settings are invalid.</summary>
    bool IsSettingWrong { get; }

    /// <summary>The account's name.</summary>
    string Account { get; }

    /// <summary>Tries to read and to write, without leaving anything behind.</summary>
    /// <returns>Null if both worked.</returns>
    Task<StorageProbeFailure?> TryAsync(CancellationToken cancellationToken);
}

/// <summary>Why storage cannot be used.</summary>
/// <param name="IsDenied">Whether it denied this host access.</param>
/// <param name="Problem">The failure in whole sentences.</param>
internal sealed record StorageProbeFailure(bool IsDenied, string Problem);
