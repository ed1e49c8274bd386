using Azure;
using Azure.Storage.Blobs.Models;

namespace BackupFunctions.Storage;

/// <summary>Reads from an exception what storage answered.</summary>
internal static class StorageErrors
{
    /// <summary>Whether somebody else holds the lease, or held one that is being broken.</summary>
    public static bool IsHeld(RequestFailedException exception) =>
        exception.ErrorCode == BlobErrorCode.LeaseAlreadyPresent
        || exception.ErrorCode == BlobErrorCode.LeaseIsBreakingAndCannotBeAcquired;

    /// <summary>Whether the blob, or its container, is not there.</summary>
    public static bool IsMissing(RequestFailedException exception) =>
        exception.ErrorCode == BlobErrorCode.BlobNotFound || exception.ErrorCode == BlobErrorCode.ContainerNotFound;

    /// <summary>Whether storage answered. If not, it may have done what it was asked for.</summary>
    public static bool IsAnswer(Exception exception) => exception is RequestFailedException { Status: > 0 };

    /// <summary>
    /// Whether a renewal was refused for good: the lease is another's, broken, released, or its blob is gone. Anything
    /// else (no answer, throttled, a server's error, access denied for a while) may be better a second later.
    /// </summary>
    public static bool IsLoss(Exception exception) => exception is RequestFailedException { Status: 404 or 409 or 412 };

    /// <summary>
    /// One line for people: status and code, or why there was no answer. Not the exception's own text, which quotes
    /// storage's reply and so signatures.
    /// </summary>
    public static string Describe(Exception exception) =>
        exception switch
        {
            AggregateException { InnerExceptions.Count: > 0 } several => Describe(several.InnerExceptions[^1]),
            RequestFailedException { Status: > 0 } answer =>
                $"HTTP {answer.Status} {answer.ErrorCode ?? "without an error code"}.",
            RequestFailedException => $"no answer ({FirstLine(exception)}).",
            OperationCanceledException => "no answer in time.",
            _ => $"{exception.GetType().Name} ({FirstLine(exception)}).",
        };

    private static string FirstLine(Exception exception) => exception.Message.Split('\n', 2)[0].TrimEnd('\r', '.', ' ');
}
