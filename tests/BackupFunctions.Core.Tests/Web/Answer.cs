using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace BackupFunctions.Core.Tests.Web;

/// <summary>A reply as it was sent.</summary>
internal sealed record Answer(int Status, string? ContentType, string Body, IHeaderDictionary Headers)
{
    public JsonObject Json => JsonNode.Parse(Body)!.AsObject();

    public string ProblemType => ((string)Json["type"]!).Split(':')[^1];

    public static async Task<Answer> OfAsync(IResult result, DefaultHttpContext context)
    {
        var body = new MemoryStream();
        context.Response.Body = body;
        await result.ExecuteAsync(context);
        return new Answer(
            context.Response.StatusCode,
            context.Response.ContentType,
            Encoding.UTF8.GetString(body.ToArray()),
            context.Response.Headers
        );
    }
}
