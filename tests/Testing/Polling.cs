namespace AX2Caption.Testing;

/// <summary>Waits, for a bounded time, for what happens by itself.</summary>
public static class Polling
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    /// <exception cref="OperationCanceledException">It did not happen.</exception>
    public static Task Until(Func<bool> condition, CancellationToken cancellationToken) => Until(() => Task.FromResult(condition()), cancellationToken);

    /// <inheritdoc cref="Until(Func{bool}, CancellationToken)"/>
    public static async Task Until(Func<Task<bool>> condition, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Within);
        using var look = new PeriodicTimer(LookEvery);
        while (!await condition())
            await look.WaitForNextTickAsync(limit.Token);
    }
}
