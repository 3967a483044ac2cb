using AX2Caption.Testing;

namespace AX2Caption.Api.Tests.Fixtures;

/// <summary>Waits, for a bounded time, for what happens by itself.</summary>
internal static class Eventually
{
    public static Task Holds(Func<Task<bool>> condition) => Polling.Until(condition, TestContext.Current.CancellationToken);

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
