namespace BackupFunctions.Testing;

/// <summary>The requests to an <see cref="OidcProviderServer"/> since it started.</summary>
/// <param name="Discoveries">Requests for the discovery document.</param>
/// <param name="KeySets">Requests for the key set.</param>
/// <param name="TokenRequests">Requests at the token endpoint: granted and refused.</param>
/// <param name="Granted">Tokens issued.</param>
/// <param name="Refused">Token requests that were answered with an error.</param>
/// <param name="Errors">Refused requests by OAuth error code.</param>
public sealed record OidcProviderCounters(
    int Discoveries,
    int KeySets,
    int TokenRequests,
    int Granted,
    int Refused,
    IReadOnlyDictionary<string, int> Errors
);
