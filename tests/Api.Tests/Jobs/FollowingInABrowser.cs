using System.Collections.Concurrent;
using AX2Caption.Api.Tests.Fixtures;
using Microsoft.Playwright;

namespace AX2Caption.Api.Tests.Jobs;

/// <summary>Chromium's own EventSource. It can send no token, so the test adds that to its requests on their way.</summary>
public sealed class FollowingInABrowser(ServiceFixture fixture, Chromium browser) : IClassFixture<Chromium>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_EventSource_sees_the_job_to_its_end_and_then_lets_it_be()
    {
        using var guest = await fixture.NewGuest();
        var video = await guest.UploadAndProbe(fixture.Speech, Cancellation);
        var job = await guest.Submit(video.Id, cancellationToken: Cancellation);
        var page = await browser.Open(new Uri(fixture.Service.ApiUrl, "/docs/"));
        var answers = new ConcurrentQueue<int>();
        page.Response += (_, response) =>
        {
            if (response.Url.EndsWith("/events", StringComparison.Ordinal))
                answers.Enqueue(response.Status);
        };
        await page.RouteAsync("**/events", route => route.ContinueAsync(new RouteContinueOptions
        {
            Headers = route.Request.Headers.Append(new("Authorization", $"Bearer {guest.Session!.AccessToken}")),
        }));

        await page.EvaluateAsync(
            """
            path => {
                window.seen = [];
                window.source = new EventSource(path);
                for (const name of ['progress', 'succeeded', 'failed', 'canceled'])
                    window.source.addEventListener(name, e => window.seen.push(`${name} ${JSON.parse(e.data).progress.percent} ${e.lastEventId} ${e.data}`));
            }
            """,
            $"/v1/jobs/{job.Id}/events");
        await page.WaitForFunctionAsync("() => window.source.readyState === EventSource.CLOSED", null, new PageWaitForFunctionOptions { Timeout = 120_000 });

        var seen = await page.EvaluateAsync<string[]>("() => window.seen");
        Assert.StartsWith("succeeded 100 ", seen[^1], StringComparison.Ordinal);
        Assert.Single(seen, step => step.StartsWith("succeeded", StringComparison.Ordinal));
        // A job that is where it was is told of again when its end is expected at another time.
        Assert.Equal(seen.Length, seen.Distinct().Count());
        // The stream ended with the job; the browser came back with the last id, for which alone there is a 204.
        await Eventually.Holds(() => Task.FromResult(answers.Count >= 2));
        Assert.Equal([200, 204], answers);
    }
}
