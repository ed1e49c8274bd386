using BackupFunctions.Alerts;
using BackupFunctions.Problems;
using BackupFunctions.Web.Access;
using BackupFunctions.Web.Audit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Web.Alerts;

/// <summary>Serves the test of the alert webhook in both hosts.</summary>
public sealed class AlertHandlers
{
    private readonly RequestAdmission _admission;
    private readonly AuditTrail _audit;
    private readonly AlertTester _tester;
    private readonly ILogger<AlertHandlers> _logger;

    internal AlertHandlers(
        RequestAdmission admission,
        AuditTrail audit,
        AlertTester tester,
        ILogger<AlertHandlers> logger
    ) => (_admission, _audit, _tester, _logger) = (admission, audit, tester, logger);

    /// <summary>Posts a test message to the webhook. The reply says how the receiver answered.</summary>
    public Task<IResult> TestAsync(HttpRequest request, CancellationToken cancellationToken) =>
        _admission.AdmitAsync(request, Permission.Manage, [], async caller =>
        {
            var result = await AnswerAsync(cancellationToken);
            _audit.TestedAlerts(caller, Reply.OutcomeOf(result));
            return result;
        });

    private async Task<IResult> AnswerAsync(CancellationToken cancellationToken)
    {
        try
        {
            return ReplyOf(await _tester.TestAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The caller has gone.
            return Results.Empty;
        }
        catch (Exception exception)
        {
            HttpLog.FaultOfAll(_logger, exception);
            return Reply.OfFault();
        }
    }

    private Reply ReplyOf(WebhookAnswer? answer)
    {
        if (answer is null)
        {
            return Reply.OfProblem(
                ProblemType.AlertsNotConfigured,
                "No webhook is set. Set Alerts__WebhookUrl, or Alerts__WebhookUrlSecretName to the name of the secret "
                    + "in the credential vault that contains its address, and restart the app."
            );
        }

        if (answer.VaultFailure is { } failure)
        {
            return Reply.OfProblem(ProblemType.Of(failure.Kind), failure.Detail, failure: failure);
        }

        if (answer.Problem is { } problem)
        {
            return Reply.OfProblem(ProblemType.AlertNotDelivered, $"The webhook {problem}.");
        }

        return Reply.Of(new AlertTestBody(answer.Status!.Value, _tester.Format), AlertTestJson.Default.AlertTestBody);
    }
}
