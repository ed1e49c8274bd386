using BackupFunctions;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.AddBackupTokens(builder.Configuration).AddKeyVault().AddVendors();
builder.Services.AddSingleton<IFunctionMetadataTransformer, KeylessFunctions>();
builder.Services.AddSingleton<IFunctionMetadataTransformer, DefaultSchedules>();
builder.AddTelemetry();
builder.Build().Run();
