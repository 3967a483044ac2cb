using AX2Caption.Api.Tests.Fixtures;
using Microsoft.Playwright;

namespace AX2Caption.Api.Tests.Edge;

/// <summary>The page at /docs in Debian's Chromium, under its policy.</summary>
public sealed class DocsInABrowser(ServiceFixture fixture) : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";

    private readonly List<string> troubles = [];
    private IPlaywright playwright = null!;
    private IBrowser browser = null!;

    public async ValueTask InitializeAsync()
    {
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Chromium,
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

    [Fact]
    public async Task Shows_the_operations_and_sends_a_request_without_breaking_its_policy()
    {
        var page = await Open();
        await page.GotoAsync(new Uri(fixture.Service.ApiUrl, "/docs/").AbsoluteUri);

        await page.GetByText("Creates a guest account").First.ClickAsync();
        await Assertions.Expect(page.GetByText("POST /v1/auth/guest").Or(page.GetByText("/v1/auth/guest")).First).ToBeVisibleAsync();
        foreach (var tag in new[] { "Accounts", "Videos", "Jobs", "Credits", "Operators" })
            await Assertions.Expect(page.GetByText(tag, new PageGetByTextOptions { Exact = true }).First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { NameString = "Test Request" }).First.ClickAsync();
        var answer = await page.RunAndWaitForResponseAsync(
            () => page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { NameString = "Send" }).First.ClickAsync(),
            response => response.Url.EndsWith("/v1/auth/guest", StringComparison.Ordinal));

        Assert.Equal(201, answer.Status);
        Assert.Empty(await Violations(page));
        Assert.Empty(troubles);
    }

    /// <summary>Proves that a violation would be seen, and that the policy holds against a script that found its way in.</summary>
    [Fact]
    public async Task Runs_no_script_that_was_put_into_the_page()
    {
        var page = await Open();
        await page.GotoAsync(new Uri(fixture.Service.ApiUrl, "/docs/").AbsoluteUri);

        await page.EvaluateAsync(
            """
            () => {
                const script = document.createElement('script');
                script.textContent = 'window.wasRun = true';
                document.body.append(script);
            }
            """);

        Assert.Null(await page.EvaluateAsync<bool?>("() => window.wasRun ?? null"));
        await page.WaitForFunctionAsync("() => window.violations.length > 0");
        Assert.Contains(await Violations(page), violation => violation.StartsWith("script-src-elem inline", StringComparison.Ordinal));
    }

    private async Task<IPage> Open()
    {
        var page = await browser.NewPageAsync();
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
        return page;
    }

    private static Task<string[]> Violations(IPage page) => page.EvaluateAsync<string[]>("() => window.violations");
}
