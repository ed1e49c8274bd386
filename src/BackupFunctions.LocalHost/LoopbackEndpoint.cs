using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace BackupFunctions.LocalHost;

/// <summary>An address to serve on. This host has no keys, so it serves loopback addresses only.</summary>
internal sealed record LoopbackEndpoint(string Host, int Port)
{
    /// <summary>Reads <c>--urls</c>.</summary>
    /// <exception cref="StartRefusedException">One is not an http URL of a loopback address.</exception>
    public static IReadOnlyList<LoopbackEndpoint> ParseAll(IEnumerable<string> urls)
    {
        var texts = urls.SelectMany(text =>
                text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            )
            .ToList();
        var findings = texts.Where(text => Parse(text) is null).Select(WhatIsWrong).ToList();
        return findings.Count == 0
            ? [.. texts.Select(text => Parse(text)!)]
            : throw new StartRefusedException(findings);
    }

    public void ListenOn(KestrelServerOptions kestrel)
    {
        if (IPAddress.TryParse(Host.Trim('[', ']'), out var address))
        {
            kestrel.Listen(address, Port);
        }
        else if (Port == 0)
        {
            // A free port need not be free in both IPv4 and IPv6.
            kestrel.Listen(IPAddress.Loopback, 0);
        }
        else
        {
            kestrel.ListenLocalhost(Port);
        }
    }

    private static string WhatIsWrong(string text)
    {
        if (text is ['"' or '\'', ..] or [.., '"' or '\''])
        {
            return $"--urls {text} is in quotes that reached this program. Leave them out.";
        }

        return text.Contains("://", StringComparison.Ordinal)
            ? $"--urls {text} is not an http URL of a loopback address. This host has no keys, so it serves only "
                + "this machine. Use http://localhost:7071, for example."
            : $"--urls {text} is not a URL. Use http://{text}, if that is an address of this machine.";
    }

    private static LoopbackEndpoint? Parse(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url)
        && url is { Scheme: "http", IsLoopback: true, PathAndQuery: "/" }
            ? new LoopbackEndpoint(url.Host, url.Port)
            : null;
}
