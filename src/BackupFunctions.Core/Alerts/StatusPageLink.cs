namespace BackupFunctions.Alerts;

/// <summary>Links to the status page: what it shows stands behind the <c>#</c>, as the page itself writes it.</summary>
internal static class StatusPageLink
{
    /// <summary>The page with one vendor's connections, or one connection.</summary>
    /// <param name="app">The app's address; null if it is not known.</param>
    /// <param name="vendor">The vendor; null for everything.</param>
    /// <param name="connection">The connection; null for all of the vendor's.</param>
    /// <returns>Null without the app's address.</returns>
    public static string? To(Uri? app, string? vendor, string? connection)
    {
        if (app is null)
        {
            return null;
        }

        var page = $"{app.AbsoluteUri.TrimEnd('/')}/api/status/page";
        var search = connection is null ? "" : $"q={Uri.EscapeDataString(connection)}&";
        return vendor is null ? page : $"{page}#{search}vendor={Uri.EscapeDataString(vendor)}";
    }
}
