namespace AX2Caption.Api.Tests.Fixtures;

/// <summary>Waits, for a bounded time, for what happens by itself.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    public static async Task Holds(Func<Task<bool>> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Within);
        using var look = new PeriodicTimer(LookEvery);
        while (!await condition())
            await look.WaitForNextTickAsync(limit.Token);
    }

    /// <summary>Waits until nothing is left, and fails by naming what is.</summary>
    public static async Task IsEmpty(Func<IEnumerable<string>> things)
    {
        try
        {
            await Holds(() => Task.FromResult(!things().Any()));
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            Assert.Empty(things());
        }
    }
}
