using Microsoft.Playwright;

namespace BackupFunctions.Browser.Tests;

/// <summary>How the page is looked at.</summary>
internal sealed record Look(ColorScheme Scheme = ColorScheme.Light, int Width = 1360, int Height = 900)
{
    public static Look Usual { get; } = new();

    public static Look Dark { get; } = new(ColorScheme.Dark);

    public static Look Phone { get; } = new(Width: 390, Height: 844);
}
