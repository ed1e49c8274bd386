using Microsoft.Playwright;

namespace BackupFunctions.Browser.Tests;

/// <summary>
/// One tab with the page, before a service that the test plays. At its end no policy was violated, and the console
/// has no error but the browser's own notes of a refused call.
/// </summary>
internal sealed class Session : IAsyncDisposable
{
    private readonly List<string> _errors = [];
    private readonly List<string> _forgiven = [];

    private Session(IBrowserContext context, IPage page, FakeService service)
    {
        (Context, Page, Service) = (context, page, service);
        page.PageError += (_, error) => _errors.Add(error);
        page.Console += (_, message) =>
        {
            if (
                message.Type is "error" or "warning"
                && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal)
            )
                _errors.Add(message.Text);
        };
    }

    public IBrowserContext Context { get; }

    public IPage Page { get; }

    public FakeService Service { get; }

    public ILocator Rows => Page.Locator("tr.row");

    public static async Task<Session> StartAsync(
        Chromium chromium,
        FakeService? service = null,
        Look? look = null,
        string fragment = "",
        bool ownClock = false
    )
    {
        service ??= new FakeService();
        var context = await chromium.NewContextAsync(look ?? Look.Usual);
        await context.AddInitScriptAsync(
            "addEventListener('securitypolicyviolation', event => "
                + "console.error('Violation: ' + event.violatedDirective))"
        );
        await context.RouteAsync("**/api/**", service.AnswerAsync);
        await context.RouteAsync("**/api/status/page", route => route.ContinueAsync());
        var page = await context.NewPageAsync();
        var session = new Session(context, page, service);
        if (ownClock)
            await page.Clock.InstallAsync();
        await page.GotoAsync(chromium.Page + fragment);
        return session;
    }

    /// <summary>The row of a connection.</summary>
    public ILocator Row(Fact fact) => Rows.Filter(new() { Has = Page.Locator($"button[aria-label$='{fact.Key}']") });

    public ILocator Cell(Fact fact, string column) => Row(fact).Locator($".c-{column}");

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public ILocator Details => Page.Locator("tr.details");

    public ILocator Dialog => Page.Locator("dialog[open]");

    public Task OpenAsync(Fact fact) => Row(fact).Locator(".expand").ClickAsync();

    /// <summary>The connections' names in the order of the table.</summary>
    public async Task<IReadOnlyList<string>> NamesAsync() => await Page.Locator("tr.row .c-name").AllInnerTextsAsync();

    /// <summary>Asks the service again, and waits until its answer has been drawn.</summary>
    public async Task UpdateAsync()
    {
        await Page.RunAndWaitForResponseAsync(() => Button("Update now").ClickAsync(), "**/api/status*");
        await DrawnAsync();
    }

    /// <summary>Until what is under way in the page has been drawn.</summary>
    public Task DrawnAsync() =>
        Page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");

    /// <summary>What a test has provoked.</summary>
    public void Forgive(params string[] beginnings) => _forgiven.AddRange(beginnings);

    public async ValueTask DisposeAsync()
    {
        await Context.DisposeAsync();
        Assert.DoesNotContain(_errors, error =>
            !_forgiven.Exists(beginning => error.StartsWith(beginning, StringComparison.Ordinal))
        );
    }
}
