using BackupFunctions;
using BackupFunctions.Functions;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder
    .Services.AddBackupTokens(builder.Configuration)
    .AddKeyVault()
    .AddVendors()
    .AddApiDocument(typeof(OpenApi).Assembly);
builder.AddTelemetry();
builder.Build().Run();
