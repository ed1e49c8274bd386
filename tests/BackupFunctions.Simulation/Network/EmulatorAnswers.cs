using BackupFunctions.Emulators;
using BackupFunctions.Testing;

namespace BackupFunctions.Simulation;

/// <summary>Passes a call to an emulator inline: no server, no socket, no other thread.</summary>
internal static class EmulatorAnswers
{
    public static Answer Of(Emulator emulator, Call call)
    {
        var exchange = new EmulatorExchange(call.Request, call.Body);
        var handled = emulator.HandleAsync(exchange.Context);
        if (!handled.IsCompleted)
        {
            throw new InvalidOperationException($"{emulator.Name} did not answer inline.");
        }

        handled.GetAwaiter().GetResult();
        if (exchange.IsAborted)
        {
            throw new InvalidOperationException("Mishaps are the network's, not the emulator's.");
        }

        var response = exchange.Context.Response;
        return new Answer(response.StatusCode, exchange.ReplyBody, response.ContentType)
        {
            Headers =
            [
                .. response
                    .Headers.Where(static header => header.Key is not ("Content-Type" or "Content-Length"))
                    .Select(static header => KeyValuePair.Create(header.Key, header.Value.ToString())),
            ],
        };
    }
}
