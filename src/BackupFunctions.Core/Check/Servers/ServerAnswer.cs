namespace BackupFunctions.Check.Servers;

/// <summary>What came of asking a server.</summary>
/// <param name="Outcome">How far the request came.</param>
internal sealed record ServerAnswer(ServerOutcome Outcome)
{
    /// <summary>Why there is no connection, as the rest of a sentence.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The status of the reply; null without one.</summary>
    public int? Status { get; init; }

    /// <summary>The <c>Date</c> of the reply; null without one.</summary>
    public DateTimeOffset? Date { get; init; }

    /// <summary>When the request was sent, on our clock.</summary>
    public DateTimeOffset AskedAt { get; init; }

    /// <summary>When the reply was there, on our clock.</summary>
    public DateTimeOffset AnsweredAt { get; init; }

    /// <summary>The certificate that the server showed; null without TLS, or if it showed none.</summary>
    public ServerCertificate? Certificate { get; init; }
}
