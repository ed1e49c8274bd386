using BackupFunctions.Clocks;
using BackupFunctions.Connections;
using BackupFunctions.SignIn;
using BackupFunctions.SignIn.Transport;
using BackupFunctions.Tokens;
using static BackupFunctions.Check.FindingType;

namespace BackupFunctions.Check;

/// <summary>
/// Checks the servers that connections sign in at, without signing in: DNS, connection, certificate, discovery document
/// and clock. A server that several connections share is asked once.
/// </summary>
internal sealed class ServerCheck(
    ServerProbe probe,
    ServerCertificateCheck certificates,
    VendorHttp http,
    HostClock time
)
{
    /// <summary>One step per server, with the connections that sign in there.</summary>
    public IEnumerable<(CheckStep Step, IReadOnlyList<Connection> Connections)> Steps(
        IEnumerable<Connection> connections
    ) =>
        connections
            .GroupBy(one => (one.Vendor, SignInServer.AddressOf(one), one.ServerCertificateSha256))
            .Select(shared => (Step(new SignInServer([.. shared])), (IReadOnlyList<Connection>)[.. shared]));

    private CheckStep Step(SignInServer server) =>
        new(CheckGroup.Servers, Unreachable(server, $"{server.Name} did not answer in time."), timeout =>
            CheckAsync(server, timeout)
        );

    private async Task<IReadOnlyList<Finding>> CheckAsync(SignInServer server, CancellationToken cancellationToken)
    {
        var result = await probe.AskAsync(server.Address, server.Pin, cancellationToken);
        var findings = new List<Finding> { Reached(server, result) };
        if (result.Status is not null || result.Failure?.Certificate is not null)
        {
            findings.Add(certificates.Find(server, result));
        }

        if (result.Status is not null && server.IsDiscovered)
        {
            findings.Add(await DiscoverAsync(server, cancellationToken));
        }

        if (result.Status is not null)
        {
            findings.Add(
                ServerClock.Find(result.ClockDifference, server.Subject, server.Name, time.HostAhead is not null)
            );
        }

        return findings;
    }

    private static Finding Reached(SignInServer server, ServerProbeResult result) =>
        result switch
        {
            // Some servers do not implement HEAD and answer 501.
            { Status: >= 500 and not 501 } => new Finding(
                ServerFailing,
                server.Subject,
                $"{server.Name} answers {result.Status}.",
                "Wait, and look at the vendor's status page."
            ),
            { Failure: { Certificate: null } failure } => Unreached(server, failure),
            _ => new Finding(ServerReached, server.Subject, $"{server.Name} answers."),
        };

    private static Finding Unreached(SignInServer server, NetworkFailure failure)
    {
        var isNameUnknown = failure.Cause == NetworkCause.NameUnknown;
        return new Finding(
            isNameUnknown ? ServerNameUnknown : ServerUnreachable,
            server.Subject,
            failure.Problem,
            NetworkRemedy.For(failure, server) ?? server.NetworkRemedy,
            isNameUnknown ? $"nslookup {server.Address.Host}" : null
        );
    }

    private static Finding Unreachable(SignInServer server, string problem) =>
        new(ServerUnreachable, server.Subject, problem, server.NetworkRemedy);

    private async Task<Finding> DiscoverAsync(SignInServer server, CancellationToken cancellationToken)
    {
        try
        {
            // An instance of its own, because a document cached an hour ago proves nothing.
            await new DiscoveryDocuments(http, time).TokenEndpointAsync(server.Connection, cancellationToken);
            return new Finding(DiscoveryGood, server.Subject, "The discovery document matches its issuer.");
        }
        catch (TokenException exception) when (exception.Failure.Kind == FailureKind.ServerNotTrusted)
        {
            return new Finding(
                DiscoveryNotTrusted,
                server.Subject,
                exception.Failure.Problem,
                $"Check {server.Setting}: it must be the document's issuer. If it is, another server answers there."
            );
        }
        catch (TokenException exception)
        {
            return new Finding(
                DiscoveryUnusable,
                server.Subject,
                exception.Failure.Problem,
                $"Check {server.Setting}; if it is right, look at the vendor's status page."
            );
        }
    }
}
