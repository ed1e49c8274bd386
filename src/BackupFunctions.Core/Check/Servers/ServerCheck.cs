using BackupFunctions.Connections;
using BackupFunctions.SignIn;
using BackupFunctions.SignIn.Transport;
using BackupFunctions.Tokens;

namespace BackupFunctions.Check.Servers;

/// <summary>
/// The servers that connections sign in at: name, connection, certificate, discovery document, clock. Nothing is signed in, and
/// a server that several connections share is asked once.
/// </summary>
internal sealed class ServerCheck(
    ServerProbe probe,
    ServerCertificateCheck certificates,
    VendorHttp http,
    TimeProvider time
)
{
    /// <summary>The steps: one a server.</summary>
    public IEnumerable<(CheckStep Step, IReadOnlyList<Connection> Of)> Steps(IEnumerable<Connection> targets)
    {
        var served = targets.Select(target => (Target: target, Server: SignInServer.Of(target)));
        foreach (var shared in served.GroupBy(one => (one.Target.Vendor, one.Server.Address, one.Server.Pin)))
        {
            yield return (
                Step(shared.First().Server, [.. shared.Select(one => one.Target)]),
                [.. shared.Select(one => one.Target)]
            );
        }
    }

    private CheckStep Step(SignInServer server, IReadOnlyList<Connection> targets)
    {
        var place = new ServerDescription(server, targets[0], targets.Count);
        return new CheckStep(
            CheckGroup.Servers,
            place.Subject,
            new Finding(
                FindingType.ServerUnreachable,
                place.Subject,
                $"{place.Name} did not answer in time.",
                place.NetworkRemedy
            ),
            ended => LookAsync(place, ended)
        );
    }

    private async Task<IReadOnlyList<Finding>> LookAsync(ServerDescription place, CancellationToken cancellationToken)
    {
        var server = place.Server;
        var answer = await probe.AskAsync(server.Address, server.Pin, cancellationToken);
        var findings = new List<Finding> { Reached(place, answer) };
        if (
            answer.Outcome == ServerOutcome.Answered
            || (answer.Outcome == ServerOutcome.NotTrusted && answer.Certificate is not null)
        )
        {
            findings.Add(certificates.Find(place, answer));
        }

        if (answer.Outcome == ServerOutcome.Answered)
        {
            if (server.IsDiscovered)
            {
                findings.Add(await DiscoverAsync(place, cancellationToken));
            }

            findings.Add(
                ClockReading.Find(
                    ClockReading.Of(answer.Date, answer.AskedAt, answer.AnsweredAt),
                    place.Subject,
                    place.Name
                )
            );
        }

        return findings;
    }

    private static Finding Reached(ServerDescription place, ServerAnswer answer) =>
        answer switch
        {
            { Outcome: ServerOutcome.NameUnknown } => new Finding(
                FindingType.ServerNameUnknown,
                place.Subject,
                $"DNS does not know {place.Server.Address.Host}.",
                new($"Check {place.Setting}, then this host's DNS.", $"nslookup {place.Server.Address.Host}")
            ),
            { Outcome: ServerOutcome.Unreachable } => new Finding(
                FindingType.ServerUnreachable,
                place.Subject,
                $"{place.Name} cannot be reached: {answer.Reason}.",
                place.NetworkRemedy
            ),
            { Outcome: ServerOutcome.NotTrusted, Certificate: null } => new Finding(
                FindingType.ServerUnreachable,
                place.Subject,
                $"{place.Name} speaks no TLS that this host takes.",
                place.NetworkRemedy
            ),

            // Some servers do not know HEAD, and say so with 501.
            { Status: >= 500 and not 501 } => new Finding(
                FindingType.ServerFailing,
                place.Subject,
                $"{place.Name} answers {answer.Status}.",
                new("Wait, and look at the vendor's status page.")
            ),
            _ => new Finding(FindingType.ServerReached, place.Subject, $"{place.Name} answers."),
        };

    private async Task<Finding> DiscoverAsync(ServerDescription place, CancellationToken cancellationToken)
    {
        try
        {
            // Documents of its own: what was read an hour ago is of no interest.
            await new DiscoveryDocuments(http, time).TokenEndpointAsync(place.Connection, cancellationToken);
            return new Finding(FindingType.DiscoveryGood, place.Subject, "Its discovery document is its own.");
        }
        catch (TokenException exception)
        {
            var (sentence, _) = Finding.Part(exception.Failure.Detail);
            return exception.Failure.Kind == FailureKind.ServerNotTrusted
                ? new Finding(
                    FindingType.DiscoveryNotTrusted,
                    place.Subject,
                    sentence,
                    new(
                        $"Check {place.Setting}: it must be the issuer as the document names it. If it is, somebody else answers there."
                    )
                )
                : new Finding(
                    FindingType.DiscoveryUnusable,
                    place.Subject,
                    sentence,
                    new($"Check {place.Setting}; if it is right, look at the vendor's status page.")
                );
        }
    }
}
