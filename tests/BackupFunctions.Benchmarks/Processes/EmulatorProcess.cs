using System.CommandLine;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using BackupFunctions.Emulators;

namespace BackupFunctions.Benchmarks.Processes;

/// <summary>The emulators in another process of this program, with a delay for each answer.</summary>
internal sealed class EmulatorProcess : IAsyncDisposable
{
    private const string CommandName = "emulators";

    private readonly ServingProcess _process;
    private readonly HttpClient _control;

    private EmulatorProcess(ServingProcess process, Addresses addresses)
    {
        _process = process;
        Known = addresses;
        // Our own process on this machine, with a self-signed certificate.
        _control = new HttpClient(
            new SocketsHttpHandler
            {
                SslOptions =
                {
                    RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null,
                },
            }
        );
    }

    public Addresses Known { get; }

    public static Command CreateCommand()
    {
        var connections = new Argument<int>("connections");
        var vault = new Argument<int>("vault");
        var vendor = new Argument<int>("vendor");
        var command = new Command(CommandName) { connections, vault, vendor };
        command.Hidden = true;
        command.SetAction(
            (arguments, cancellationToken) =>
                ServeAsync(
                    arguments.GetValue(connections),
                    arguments.GetValue(vault),
                    arguments.GetValue(vendor),
                    arguments.InvocationConfiguration.Output,
                    cancellationToken
                )
        );
        return command;
    }

    /// <summary>Starts them with the client secrets of that many connections in the vault.</summary>
    public static async Task<EmulatorProcess> StartAsync(
        int connections,
        Latencies latencies,
        CancellationToken cancellationToken
    )
    {
        var process = await ServingProcess.StartAsync(
            [CommandName, $"{connections}", $"{latencies.Vault}", $"{latencies.Vendor}"],
            cancellationToken
        );
        return new EmulatorProcess(process, JsonSerializer.Deserialize<Addresses>(process.FirstLine)!);
    }

    /// <summary>How often each endpoint of an emulator was called.</summary>
    public async Task<IReadOnlyDictionary<string, int>> CallsAsync(Uri emulator, CancellationToken cancellationToken)
    {
        var counters = await _control.GetFromJsonAsync<JsonObject>(
            new Uri(emulator, "/_emulator/counters"),
            cancellationToken
        );
        return counters!["calls"]!.Deserialize<Dictionary<string, int>>()!;
    }

    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        await _process.DisposeAsync();
    }

    private static async Task ServeAsync(
        int connections,
        int vault,
        int vendor,
        TextWriter output,
        CancellationToken cancellationToken
    )
    {
        await using var suite = await EmulatorSuite.StartAsync(new EmulatorOptions(), cancellationToken);
        var addresses = Seed(suite, connections);
        Delay(suite.Vault, vault);
        Delay(suite.Acronis, vendor);
        await ServingProcess.ServeAsync(JsonSerializer.Serialize(addresses), output, cancellationToken);
    }

    /// <summary>Puts the client secrets of that many connections into the vault.</summary>
    public static Addresses Seed(EmulatorSuite suite, int connections)
    {
        for (var i = 0; i < connections; i++)
        {
            suite.Vault.Secrets.Set($"acronis-{NameOf(i)}-client-secret", suite.Acronis.ClientSecret);
        }

        return new Addresses(suite.Vault.BaseAddress, suite.Acronis.BaseAddress, suite.Acronis.ClientId);
    }

    private static void Delay(Emulator emulator, int milliseconds)
    {
        if (milliseconds > 0)
        {
            emulator.Faults.Add(Endpoints.Every, Fault.Delay(TimeSpan.FromMilliseconds(milliseconds)), int.MaxValue);
        }
    }

    public static string NameOf(int connection) => $"c{connection}";

    /// <summary>Delays of answers, in whole milliseconds.</summary>
    internal sealed record Latencies(int Vault, int Vendor);

    /// <summary>Where the emulators are, and the client that may sign in.</summary>
    internal sealed record Addresses(Uri Vault, Uri Acronis, string ClientId);
}
