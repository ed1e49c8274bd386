namespace BackupFunctions.Samples.Tests.Flows;

/// <summary>An expression has no value: the action that it stands in fails, and the flow goes on from there.</summary>
internal sealed class ExpressionFailedException(string message) : Exception(message);
