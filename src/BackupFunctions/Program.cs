using BackupFunctions;
using BackupFunctions.KeyVault;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
_ = VaultWarmUp.BeginAsync(builder.Configuration);
builder.ConfigureFunctionsWebApplication();
builder.Services.AddBackupTokens(builder.Configuration).AddKeyVault().AddVendors();
builder.AddTelemetry();
builder.Build().Run();
