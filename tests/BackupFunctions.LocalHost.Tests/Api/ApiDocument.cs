using System.Text.Json;
using System.Text.Json.Serialization;
using BackupFunctions.LocalHost.Api;
using BackupFunctions.Web;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace BackupFunctions.LocalHost.Tests.Api;

/// <summary>Generates the OpenAPI document of the routes that LocalHost maps.</summary>
internal static class ApiDocument
{
    /// <summary>The header that carries a function key.</summary>
    public const string KeyHeader = "x-functions-key";

    private const string FunctionKey = "function_key";
    private const string EntraId = "entra_id";

    public static async Task<string> GenerateTextAsync()
    {
        var document = await GenerateAsync("", options => options.AddOperationTransformer(AddSecurity));
        Complete(document);
        return await TextAsync(document, OpenApiSpecVersion.OpenApi3_0);
    }

    /// <summary>Describes the routes below a prefix.</summary>
    public static async Task<OpenApiDocument> GenerateAsync(string prefix, Action<OpenApiOptions> configure)
    {
        // In development the builder would check services that no test needs here.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Services.AddBackupTokens(builder.Configuration).AddVendors();
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        builder.Services.AddOpenApi(options =>
        {
            ReplySchemas.Configure(options);
            OperationDetails.Configure(options);
            configure(options);
        });
        await using var app = builder.Build();
        app.UseRouting();
        Routes.MapApi(app.MapGroup(prefix));
        app.UseEndpoints(_ => { });
        return await app
            .Services.GetRequiredKeyedService<IOpenApiDocumentProvider>("v1")
            .GetOpenApiDocumentAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The same text on every machine.</summary>
    public static async Task<string> TextAsync(OpenApiDocument document, OpenApiSpecVersion version)
    {
        var text = await document.SerializeAsJsonAsync(version, TestContext.Current.CancellationToken);
        return text.ReplaceLineEndings("\n") + "\n";
    }

    public static OpenApiInfo Info { get; } =
        new()
        {
            Title = "BackupFunctions",
            Version = typeof(TokenHandlers).Assembly.GetName().Version!.ToString(3),
            Description =
                "Issues bearer tokens for the APIs of backup vendors, so that callers hold no vendor credentials. Errors "
                + "are problem documents (RFC 9457).",
            License = new OpenApiLicense { Name = "MIT", Url = new Uri("https://opensource.org/license/mit") },
        };

    private static void Complete(OpenApiDocument document)
    {
        document.Info = Info;
        // Relative to the host that serves the document.
        document.Servers =
        [
            new() { Url = "/api", Description = "The host that serves this document. LocalHost needs no keys." },
        ];
        document.Tags = new HashSet<OpenApiTag>
        {
            new() { Name = "Tokens", Description = "One connection." },
            new() { Name = "Status", Description = "All connections, and the service itself." },
        };
        document.AddComponent(
            FunctionKey,
            new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = KeyHeader,
                Description = "A key of the function, or a host key.",
            }
        );
        document.AddComponent(
            EntraId,
            new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                BearerFormat = "JWT",
                Description = "An Entra ID token for this app, in addition to the key, where app roles are required.",
            }
        );
    }

    private static Task AddSecurity(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellation
    )
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<IAllowAnonymous>().Any())
        {
            operation.Security = [];
            return Task.CompletedTask;
        }

        OpenApiSecuritySchemeReference key = new(FunctionKey, context.Document);
        OpenApiSecuritySchemeReference token = new(EntraId, context.Document);
        operation.Security = [new() { [key] = [] }, new() { [key] = [], [token] = [] }];
        return Task.CompletedTask;
    }
}
