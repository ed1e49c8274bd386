using BackupFunctions.Web.Api;
using Microsoft.AspNetCore.Http;

namespace BackupFunctions.Web;

/// <summary>
/// What holds for the query of every request: it has no parameter that the operation does not know, and none twice. A
/// misspelt parameter that is ignored looks like one that was obeyed.
/// </summary>
internal static class QueryRules
{
    /// <summary>
    /// What the Functions host reads itself and hands on: the function key, and the id that may accompany it. See
    /// https://learn.microsoft.com/azure/azure-functions/function-keys-how-to
    /// </summary>
    private static readonly string[] OfPlatform = ["code", "clientId"];

    /// <summary>What is wrong with a query; null if nothing is.</summary>
    /// <param name="request">The request.</param>
    /// <param name="known">The operation's parameters.</param>
    public static string? WhatIsWrong(HttpRequest request, IReadOnlyList<OperationParameter> known)
    {
        foreach (var (name, values) in request.Query)
        {
            var parameter = known.FirstOrDefault(one => Is(one.Name, name));
            if (parameter is null && !OfPlatform.Any(one => Is(one, name)))
            {
                return $"{SafeName.Of(name)} is not a parameter of this request. {InWords(known)}";
            }

            if (parameter is not null && values.Count > 1)
            {
                return $"{parameter.Name} may be given only once.";
            }
        }

        return null;
    }

    private static string InWords(IReadOnlyList<OperationParameter> known) =>
        known.Count switch
        {
            0 => "It takes none.",
            1 => $"Its only parameter is {known[0].Name}.",
            _ => $"Its parameters are {string.Join(", ", known.SkipLast(1).Select(one => one.Name))} "
                + $"and {known[^1].Name}.",
        };

    // As ASP.NET Core looks parameters up.
    private static bool Is(string name, string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);
}
