using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace BackupFunctions.Simulation;

/// <summary>
/// A server of the simulated world and its present state. Clients that bypass HTTP need no <paramref name="answer"/>.
/// </summary>
internal sealed class Server(string name, Func<Call, Answer>? answer = null)
{
    public string Name => name;

    /// <summary>The probability of a mishap.</summary>
    public double Trouble { get; set; }

    /// <summary>The possible mishaps.</summary>
    public Mishap[] Mishaps { get; set; } = [];

    /// <summary>Called when a call is sent.</summary>
    public Action<Call> Sent { get; set; } = static _ => { };

    /// <summary>Called when a call was handled, with its true answer.</summary>
    public Action<Call, Answer, Mishap> Handled { get; set; } = static (_, _, _) => { };

    /// <summary>Called when the client has its answer, or none.</summary>
    public Action<Call> Ended { get; set; } = static _ => { };

    public Answer AnswerTo(Call call) => answer!(call);
}

/// <summary>One request.</summary>
internal sealed record Call(Instance From, HttpRequestMessage Request, byte[] Body, DateTimeOffset SentAt)
{
    private Dictionary<string, StringValues>? _form;

    public bool IsTokenRequest =>
        Request.Method == HttpMethod.Post
        && Request.RequestUri!.AbsolutePath.EndsWith("token", StringComparison.Ordinal);

    public bool IsRefresh => RefreshToken is not null;

    /// <summary>The refresh token that it spends; null if it spends none.</summary>
    public string? RefreshToken => Form.TryGetValue("refresh_token", out var value) ? value.ToString() : null;

    private Dictionary<string, StringValues> Form =>
        _form ??= QueryHelpers.ParseQuery(System.Text.Encoding.UTF8.GetString(Body));
}

/// <summary>What a server answers.</summary>
internal sealed record Answer(int Status, byte[] Body, string? ContentType)
{
    public List<KeyValuePair<string, string>> Headers { get; init; } = [];

    public static Answer Text(int status, string body, string contentType) =>
        new(status, System.Text.Encoding.UTF8.GetBytes(body), contentType);

    public HttpResponseMessage ToMessage(HttpRequestMessage request)
    {
        var content = new ByteArrayContent(Body);
        if (ContentType is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", ContentType);
        }

        var message = new HttpResponseMessage((System.Net.HttpStatusCode)Status)
        {
            Content = content,
            RequestMessage = request,
        };
        foreach (var (name, value) in Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return message;
    }
}
