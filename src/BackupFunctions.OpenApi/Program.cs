using BackupFunctions.OpenApi;
using Microsoft.OpenApi;

// Written when the hosts are built (src/OpenApi.targets), and by hand for infra/connector, where a test compares it.
var document = args switch
{
    ["document", _] => (Make: (Func<OpenApiDocument>)ApiDocument.Create, Version: OpenApiSpecVersion.OpenApi3_0),
    ["connector", _] => (ConnectorDefinition.Create, OpenApiSpecVersion.OpenApi2_0),
    _ => default,
};
if (document.Make is null)
{
    await Console.Error.WriteLineAsync(
        "Usage: document FILE writes the OpenAPI document, connector FILE the definition of the Power Platform connector."
    );
    return 1;
}

await File.WriteAllTextAsync(args[1], await DocumentText.OfAsync(document.Make(), document.Version));
return 0;
