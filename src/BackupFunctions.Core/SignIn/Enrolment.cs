using BackupFunctions.Credentials;
using BackupFunctions.SignIn.Replies;
using BackupFunctions.Tokens;

namespace BackupFunctions.SignIn;

/// <summary>
/// Signs in with the password and, if the account asks for one, the one-time code that a person entered.
/// </summary>
internal sealed class Enrolment(PasswordRequests requests, OneTimeCodes codes)
{
    /// <summary>Signs in. The failure says whether the password or the code was refused.</summary>
    /// <exception cref="TokenException"><see cref="FailureKind.CredentialsRefused"/> among others.</exception>
    public async Task<TokenGrant> SignInAsync(
        SignInContext context,
        Credential password,
        SecretText code,
        CancellationToken cancellationToken
    )
    {
        var connection = context.Connection;
        TokenReply reply;
        try
        {
            reply = await requests.SendPasswordAsync(context, password, cancellationToken);
        }
        catch (TokenException exception) when (OAuthErrors.BlamesCredentials(exception.Failure))
        {
            var problem = $"The password of {connection.Key} was refused, not the code. {exception.Failure.Problem}";
            throw Reworded(exception, problem, exception.Failure.Remedy);
        }

        if (!PasswordRequests.AsksForCode(connection, reply, out var mfaToken))
        {
            return PasswordRequests.GrantOf(context, reply);
        }

        await context.Rotation!.UseOneTimeCodeStepAsync(codes.NoteUse(connection.Key, connection.Server));
        try
        {
            return await requests.SendCodeAsync(context, mfaToken, code.Reveal(), cancellationToken);
        }
        catch (TokenException exception) when (OAuthErrors.BlamesCredentials(exception.Failure))
        {
            var problem = $"The account of {connection.Key} accepted the password but not the one-time code.";
            const string Remedy = "A code works once, for 30 seconds: enter the next one that the app shows.";
            throw Reworded(exception, problem, Remedy);
        }
        catch (TokenException exception) when (exception.Failure.MayHaveReachedVendor)
        {
            const string Remedy = "The code may be used by now: enter the next one that the app shows.";
            throw Reworded(exception, exception.Failure.Problem, Remedy);
        }
    }

    private static TokenException Reworded(TokenException exception, string problem, string? remedy) =>
        new(exception.Failure with { Problem = problem, Remedy = remedy }, exception);
}
