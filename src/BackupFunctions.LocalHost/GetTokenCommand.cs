using System.CommandLine;
using System.Text;
using BackupFunctions.Web;

namespace BackupFunctions.LocalHost;

/// <summary>
/// <c>get-token</c>: prints the reply of GetToken on standard output, or the problem on standard error.
/// </summary>
internal static class GetTokenCommand
{
    public static async Task<int> PrintAsync(
        LocalHostApp host,
        string vendor,
        string connection,
        InvocationConfiguration console,
        CancellationToken cancellationToken
    )
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { Response = { Body = body } };
        var handlers = host.Services.GetRequiredService<TokenHandlers>();
        var result = await handlers.GetTokenAsync(context.Request, vendor, connection, cancellationToken);
        await result.ExecuteAsync(context);

        var hasToken = context.Response.StatusCode == StatusCodes.Status200OK;
        await (hasToken ? console.Output : console.Error).WriteLineAsync(Encoding.UTF8.GetString(body.ToArray()));
        return hasToken ? 0 : 1;
    }
}
