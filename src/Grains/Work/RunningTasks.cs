using System.Collections.Concurrent;
using AX2Caption.Grains.Abstractions.Work;

namespace AX2Caption.Grains.Work;

/// <summary>
/// The tasks that this worker is on, as its agent, its lease keeper and its shutdown see them. It may be on one task twice: under
/// a lease that it has lost and not heard of yet, and under a new one.
/// </summary>
internal sealed class RunningTasks
{
    private readonly ConcurrentDictionary<Guid, RunningTask> tasks = new();

    public IReadOnlyList<TaskLease> Leases => [.. tasks.Values.Select(task => task.Lease)];

    public Task AllEnded => Task.WhenAll(tasks.Values.Select(task => task.Work));

    public RunningTask Add(TaskLease lease, CancellationToken stoppingToken) =>
        tasks[lease.Token] = new RunningTask(lease, CancellationTokenSource.CreateLinkedTokenSource(stoppingToken));

    public void Remove(TaskLease lease) => tasks.TryRemove(lease.Token, out _);

    /// <summary>Stops the work under leases that are no longer this worker's.</summary>
    public void Lose(IEnumerable<TaskLease> leases)
    {
        foreach (var lease in leases)
        {
            if (tasks.TryGetValue(lease.Token, out var task))
            {
                task.Lose();
            }
        }
    }
}

/// <summary>One task at work. Its token fires when its lease is lost or the worker stops.</summary>
internal sealed class RunningTask(TaskLease lease, CancellationTokenSource cancellation) : IDisposable
{
    private readonly Lock guard = new();
    private bool isDisposed;

    public TaskLease Lease { get; } = lease;

    public CancellationToken Token { get; } = cancellation.Token;

    public Task Work { get; set; } = Task.CompletedTask;

    public bool IsLost { get; private set; }

    public void Lose()
    {
        lock (guard)
        {
            if (!isDisposed)
            {
                IsLost = true;
                cancellation.Cancel();
            }
        }
    }

    public void Dispose()
    {
        lock (guard)
        {
            isDisposed = true;
            cancellation.Dispose();
        }
    }
}
