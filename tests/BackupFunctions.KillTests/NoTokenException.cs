namespace BackupFunctions.KillTests;

/// <summary>A process handed no token out; the message has its reply.</summary>
internal sealed class NoTokenException(string message, Exception? innerException = null)
    : Exception(message, innerException);
