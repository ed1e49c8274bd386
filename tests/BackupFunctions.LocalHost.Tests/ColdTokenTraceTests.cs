using System.Text.RegularExpressions;
using BackupFunctions.Testing;

namespace BackupFunctions.LocalHost.Tests;

/// <summary>
/// How many of our types a cold token passes through. The runtime lists the methods that it compiles; in a new process
/// those after <c>TokenBroker.GetAsync</c> are the ones that ran for the first token.
/// </summary>
public sealed partial class ColdTokenTraceTests
{
    /// <summary>
    /// 74 were measured: the bounds on waits, the host's clock, the guards of each request and the history are on every
    /// path. The reading of the vault's connections, which goes on beside it, may add two, by when the runtime compiles
    /// what both use. Whoever raises this adds a type to the path of every vendor.
    /// </summary>
    private const int MostTypes = 76;

    /// <summary>What only that reading passes through.</summary>
    private static readonly string[] OfConnectionsInVault =
    [
        "KeyVault.VaultConnections",
        "KeyVault.ConnectionSecrets",
        "KeyVault.DefinedConnection",
    ];

    [Fact]
    public async Task A_cold_token_of_a_simple_vendor_passes_through_few_types_and_none_of_Rotation()
    {
        using var list = new TemporaryFile("", "txt");
        await using var process = ChildProcess.Start(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "BackupFunctions.LocalHost.dll"), "get-token", "backupnet"],
            AppContext.BaseDirectory,
            keepsOut: _ => true,
            [new("DOTNET_JitStdOutFile", list.Path), new("DOTNET_JitDisasmSummary", "1")]
        );
        Assert.Equal(0, await process.Exit);

        var methods = (await File.ReadAllLinesAsync(list.Path, TestContext.Current.CancellationToken))
            .Select(line => Compiled().Match(line))
            .Where(match => match.Success)
            .Select(match => (Type: match.Groups["type"].Value, Method: match.Groups["method"].Value))
            .SkipWhile(one => one is not { Type: "Broker.TokenBroker", Method: "GetAsync" })
            .TakeWhile(one => !one.Type.StartsWith("Web.", StringComparison.Ordinal))
            .ToList();
        var types = methods
            .Where(one => !IsData(one.Method))
            .Select(one => one.Type)
            .Except(OfConnectionsInVault, StringComparer.Ordinal)
            .Where(type => !type.StartsWith("Connections.", StringComparison.Ordinal))
            .ToList();
        TestContext.Current.TestOutputHelper!.WriteLine($"{types.Count}: {string.Join(", ", types)}");

        Assert.Contains("SignIn.ClientSecretSignIn", types);
        Assert.Contains("Renewal.TokenSaver", types);
        Assert.DoesNotContain(methods, one => one.Type.StartsWith("Rotation.", StringComparison.Ordinal));
        Assert.InRange(types.Count, 1, MostTypes);
    }

    /// <summary>Constructors and properties: a type of which nothing else runs is handed on, and does nothing.</summary>
    private static bool IsData(string method) =>
        method.StartsWith('.')
        || method.StartsWith("get_", StringComparison.Ordinal)
        || method.StartsWith("set_", StringComparison.Ordinal)
        || method.StartsWith("op_", StringComparison.Ordinal)
        || method is "<Clone>$" or "Equals" or "GetHashCode";

    /// <summary>Nested types count as the type they are in, and an async method as the method it belongs to.</summary>
    [GeneratedRegex(
        @"JIT compiled BackupFunctions\.(?<type>(?!Emulators|LocalHost)[\w.]+)[^:]*:(?<method>[^(\[]+)",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Compiled();
}
