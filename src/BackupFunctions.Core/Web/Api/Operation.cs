using BackupFunctions.Problems;
using Microsoft.AspNetCore.Http;

namespace BackupFunctions.Web.Api;

/// <summary>
/// One thing that callers can ask for. LocalHost maps its routes from these, the functions of the app are tested against them, and the
/// OpenAPI document is made from them.
/// </summary>
public sealed class Operation
{
    /// <summary>What the document calls it.</summary>
    public required string Name { get; init; }

    /// <summary>The route below <c>/api/</c>, as ASP.NET Core writes routes.</summary>
    public required string Route { get; init; }

    /// <summary>The methods; the first one is the usual one.</summary>
    public IReadOnlyList<string> Methods { get; init; } = [HttpMethods.Get];

    /// <summary>What it does, in a few words.</summary>
    public required string Summary { get; init; }

    /// <summary>What else a caller should know.</summary>
    public string? Description { get; init; }

    /// <summary>Whether anybody may ask; everything else takes a function key.</summary>
    public bool IsOpen { get; init; }

    /// <summary>What it takes, but for the names in the route.</summary>
    public IReadOnlyList<OperationParameter> Query { get; init; } = [];

    /// <summary>Whether its body has a one-time code.</summary>
    public bool TakesCode { get; init; }

    /// <summary>What it answers, but for problems; the usual one first. Several may have one status, each of a media type.</summary>
    public required IReadOnlyList<OperationReply> Replies { get; init; }

    /// <summary>The problems that it can answer with.</summary>
    public IReadOnlyList<ProblemType> Problems { get; init; } = [];

    /// <summary>Answers a request, whose route values name vendor and connection.</summary>
    public required Func<HttpRequest, CancellationToken, Task<IResult>> AnswerAsync { get; init; }
}
