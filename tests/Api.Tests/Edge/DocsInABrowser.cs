using AX2Caption.Api.Tests.Fixtures;
using Microsoft.Playwright;

namespace AX2Caption.Api.Tests.Edge;

/// <summary>The page at /docs in Debian's Chromium, under its policy.</summary>
public sealed class DocsInABrowser(ServiceFixture fixture, Chromium browser) : IClassFixture<Chromium>
{
    [Fact]
    public async Task Shows_the_operations_and_sends_a_request_without_breaking_its_policy()
    {
        var page = await Open();

        await page.GetByText("Creates a guest account").First.ClickAsync();
        await Assertions.Expect(page.GetByText("POST /v1/auth/guest").Or(page.GetByText("/v1/auth/guest")).First).ToBeVisibleAsync();
        foreach (var tag in new[] { "Sign-in", "Account", "Videos", "Jobs", "Credits", "Operators" })
            await Assertions.Expect(page.GetByText(tag, new PageGetByTextOptions { Exact = true }).First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { NameString = "Test Request (post /v1/auth/guest)" }).First.ClickAsync();
        var answer = await page.RunAndWaitForResponseAsync(
            () => page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { NameString = "Send" }).First.ClickAsync(),
            response => response.Url.EndsWith("/v1/auth/guest", StringComparison.Ordinal));

        Assert.Equal(201, answer.Status);
        Assert.Empty(await Chromium.Violations(page));
        Assert.Empty(browser.Troubles);
    }

    /// <summary>Proves that a violation would be seen, and that the policy holds against a script that found its way in.</summary>
    [Fact]
    public async Task Runs_no_script_that_was_put_into_the_page()
    {
        var page = await Open();

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
        Assert.Contains(await Chromium.Violations(page), violation => violation.StartsWith("script-src-elem inline", StringComparison.Ordinal));
    }

    private Task<IPage> Open() => browser.Open(new Uri(fixture.Service.ApiUrl, "/docs/"));
}
