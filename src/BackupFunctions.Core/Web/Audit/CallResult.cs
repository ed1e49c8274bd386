namespace BackupFunctions.Web.Audit;

/// <summary>What came of a call of a vendor's API.</summary>
/// <param name="Outcome">The class of the vendor's status, for example <c>2xx</c>, or the problem type's name.</param>
/// <param name="Status">The vendor's status; null if the vendor did not answer.</param>
/// <param name="Bytes">The size of the reply's body as it was passed on.</param>
/// <param name="Took">How long it took until the last byte.</param>
internal sealed record CallResult(string Outcome, int? Status, long Bytes, TimeSpan Took);
