using BackupFunctions;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.AddBackupTokens(builder.Configuration).AddKeyVault().AddVendors();
builder.AddTelemetry();
builder.Build().Run();
