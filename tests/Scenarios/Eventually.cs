namespace AX2Caption.Scenarios;

/// <summary>Waits, for a bounded time, for what happens by itself.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    public static async Task Holds(Func<Task<bool>> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Within);
        using var look = new PeriodicTimer(LookEvery);
        while (!await condition())
            await look.WaitForNextTickAsync(limit.Token);
    }
}
