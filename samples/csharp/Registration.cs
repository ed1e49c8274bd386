using Azure.Core;
using Azure.Identity;
using Azure.Security.KeyVault.Secrets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace BackupFunctions.Samples;

/// <summary>In Program.cs: <c>builder.Services.AddStoredTokens(builder.Configuration);</c></summary>
public static class Registration
{
    /// <summary>The name of the HTTP client for vendors' APIs.</summary>
    public const string VendorClient = "vendor";

    /// <summary>The name of the HTTP client for the app.</summary>
    public const string AppClient = "app";

    /// <param name="services">The app's services.</param>
    /// <param name="settings">
    /// <c>TokenVaultUri</c>, <c>BackupFunctionsUrl</c> (it ends in a slash), and <c>BackupFunctionsAudience</c> for an
    /// app of Entra ID or <c>BackupFunctionsKey</c> for one with function keys.
    /// </param>
    public static IServiceCollection AddStoredTokens(this IServiceCollection services, IConfiguration settings)
    {
        services.AddSingleton(TimeProvider.System);
        var credential = new DefaultAzureCredential();
        services.AddSingleton<TokenCredential>(credential);
        services.AddSingleton(new SecretClient(new Uri(settings["TokenVaultUri"]!), credential));
        // They log headers at the level Trace, and what is redacted in the text stands among the values of the event.
        services.AddHttpClient(VendorClient).RemoveAllLoggers().ConfigurePrimaryHttpMessageHandler(WithoutRedirects);
        var client = services
            .AddHttpClient(AppClient, app =>
            {
                app.BaseAddress = new Uri(settings["BackupFunctionsUrl"]!);
                if (settings["BackupFunctionsKey"] is { } key)
                    app.DefaultRequestHeaders.Add("x-functions-key", key);
            })
            .RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(WithoutRedirects);
        if (settings["BackupFunctionsAudience"] is { } audience)
            client.AddHttpMessageHandler(found => new EntraSignIn(
                found.GetRequiredService<TokenCredential>(),
                audience
            ));
        return services.AddSingleton<StoredTokens>().AddSingleton<VendorApi>();
    }

    /// <summary>A redirect would carry the key or the token to another server.</summary>
    private static SocketsHttpHandler WithoutRedirects() => new() { AllowAutoRedirect = false };
}
