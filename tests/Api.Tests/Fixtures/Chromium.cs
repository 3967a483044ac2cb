using Microsoft.Playwright;

namespace AX2Caption.Api.Tests.Fixtures;

/// <summary>Debian's Chromium, and all that goes wrong in it.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Program = "/usr/bin/chromium";

    /// <summary>A page's script has half a processor, or less.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly List<string> troubles = [];
    private IPlaywright playwright = null!;
    private IBrowser browser = null!;

    /// <summary>Errors and warnings of its console, of its scripts and of what it asked for.</summary>
    public IReadOnlyList<string> Troubles => troubles;

    public async ValueTask InitializeAsync()
    {
        playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout((float)Patience.TotalMilliseconds);
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Program,
            // Root needs the first; the others keep it from calling other hosts.
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        playwright?.Dispose();
    }

    /// <summary>A page that notes what breaks its policy.</summary>
    public async Task<IPage> Open(Uri address, string locale = "en-US")
    {
        troubles.Clear();
        var page = await browser.NewPageAsync(new BrowserNewPageOptions { Locale = locale });
        page.SetDefaultTimeout((float)Patience.TotalMilliseconds);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                troubles.Add(message.Text);
        };
        page.PageError += (_, error) => troubles.Add(error);
        page.RequestFailed += (_, request) => troubles.Add($"{request.Url}: {request.Failure}");
        await page.AddInitScriptAsync(
            """
            window.violations = [];
            document.addEventListener('securitypolicyviolation', e => window.violations.push(`${e.effectiveDirective} ${e.blockedURI} ${e.sourceFile}`));
            """);
        await page.GotoAsync(address.AbsoluteUri);
        return page;
    }

    /// <summary>What broke the policy of the page that is shown now.</summary>
    public static Task<string[]> Violations(IPage page) => page.EvaluateAsync<string[]>("() => window.violations");
}
