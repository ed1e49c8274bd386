using BackupFunctions.Connections;
using BackupFunctions.Renewal;
using BackupFunctions.Tokens;

namespace BackupFunctions.Broker;

/// <content>What operators ask for.</content>
public sealed partial class TokenBroker
{
    /// <summary>Renews now, even if backing off, refused or signed out: an operator asks.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="cancellationToken">Ends this caller's wait, and nothing else.</param>
    /// <param name="askedBy">The operator's name, for the record; null if it is not known.</param>
    /// <exception cref="TokenException">The attempt failed.</exception>
    public async Task<AccessToken> RefreshNowAsync(
        Connection connection,
        CancellationToken cancellationToken,
        string? askedBy = null
    )
    {
        var state = _states.Of(connection);
        var requirement = new TokenRequirement
        {
            IssuedSince = _time.GetUtcNow(),
            ByOperator = true,
            AskedBy = askedBy,
        };
        var renewal = _renewer.JoinOrStart(state, requirement, out _);
        return (await _waits.ForAsync(state, renewal, requirement, new(_time), cancellationToken)).Token;
    }

    /// <summary>
    /// Signs in with a one-time code that a person entered, even if backing off, refused or signed out.
    /// </summary>
    /// <param name="connection">The connection; its vendor has an enrolment.</param>
    /// <param name="code">The code.</param>
    /// <param name="cancellationToken">Ends this caller's wait, and nothing else.</param>
    /// <param name="askedBy">The operator's name, for the record; null if it is not known.</param>
    /// <exception cref="TokenException">
    /// The attempt failed; <see cref="FailureKind.CredentialsRefused"/> if the code or the password was refused.
    /// </exception>
    public Task<AccessToken> EnrolAsync(
        Connection connection,
        SecretText code,
        CancellationToken cancellationToken,
        string? askedBy = null
    )
    {
        // For as long as it takes: a person who is told to come back would spend another code.
        var state = _states.Of(connection);
        var requirement = new TokenRequirement
        {
            ByOperator = true,
            OneTimeCode = code,
            AskedBy = askedBy,
        };
        var renewal = _renewer.JoinOrStart(state, requirement, out _);
        return _renewer.TokenOfAsync(state, renewal).WaitAsync(cancellationToken);
    }

    /// <summary>
    /// Signs the connection out: ends its session at the vendor if that is possible, removes its tokens from memory and
    /// from the vaults, and serves nothing until an operator renews or enrols it.
    /// </summary>
    /// <param name="connection">The connection.</param>
    /// <param name="cancellationToken">Ends this caller's wait, and nothing else.</param>
    /// <param name="askedBy">The operator's name, for the record; null if it is not known.</param>
    /// <exception cref="TokenException">As of <see cref="SignOut.RunAsync"/>.</exception>
    public Task<SignOutReport> SignOutAsync(
        Connection connection,
        CancellationToken cancellationToken,
        string? askedBy = null
    ) => _signOut.RunAsync(_states.Of(connection), askedBy).WaitAsync(cancellationToken);
}
