using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace BackupFunctions;

/// <summary>Collects what <see cref="Registration"/> registers; each part adds its own.</summary>
/// <param name="Services">Where services go.</param>
/// <param name="Configuration">The settings, as docs/settings.md lists them.</param>
public sealed record BackupTokensBuilder(IServiceCollection Services, IConfiguration Configuration);
