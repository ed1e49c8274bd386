namespace BackupFunctions.Check;

/// <summary>The storage of the refresh locks and of the ledger, where it is set.</summary>
internal sealed class StorageCheck(IStorageAccess storage)
{
    private const string Subject = "storage";

    public CheckStep Step =>
        new(
            CheckGroup.Storage,
            Subject,
            new Finding(
                FindingType.StorageUnreachable,
                Subject,
                "The storage of locks and ledger did not answer in time.",
                Remedy
            ),
            LookAsync
        );

    private static Remedy Remedy =>
        new("Check AzureWebJobsStorage, and that the account's firewall lets this host in.");

    private async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellationToken)
    {
        if (storage.IsSettingWrong)
        {
            return
            [
                new Finding(
                    FindingType.StorageUnchecked,
                    Subject,
                    "The storage of locks and ledger is not asked, because its setting is wrong."
                ),
            ];
        }

        if (!storage.IsSet)
        {
            return
            [
                new Finding(
                    FindingType.StorageNotSet,
                    Subject,
                    "AzureWebJobsStorage is not set: this process keeps locks and refusals to itself, and forgets them when it ends."
                ),
            ];
        }

        var subject = $"{Subject} {storage.Account}";
        var trial = await storage.TryAsync(cancellationToken);
        return trial switch
        {
            { IsUsable: true } =>
            [
                new Finding(FindingType.StorageGood, subject, "Locks and ledger can be read and written."),
            ],
            { IsDenied: true } =>
            [
                new Finding(
                    FindingType.StorageDenied,
                    subject,
                    $"Locks and ledger may not be used: {trial.Detail}",
                    AzureCommands.AssignBlobRole(storage.Account)
                ),
            ],
            _ =>
            [
                new Finding(
                    FindingType.StorageUnreachable,
                    subject,
                    $"The storage of locks and ledger cannot be used: {trial.Detail}",
                    Remedy
                ),
            ],
        };
    }
}
