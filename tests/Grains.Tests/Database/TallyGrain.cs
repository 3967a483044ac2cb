using System.Collections.Concurrent;

namespace AX2Caption.Grains.Tests.Database;

/// <summary>The least that uses everything: state, and a reminder.</summary>
public interface ITallyGrain : IGrainWithStringKey
{
    Task<int> Add(int amount);

    Task Clear();

    Task RemindSoon();

    Task<string> SiloName();
}

[GenerateSerializer]
public sealed class Tally
{
    [Id(0)]
    public int Total { get; set; }
}

public sealed class TallyGrain(
    [PersistentState("tally")] IPersistentState<Tally> tally,
    ILocalSiloDetails silo,
    ReminderBell bell) : Grain, ITallyGrain, IRemindable
{
    public async Task<int> Add(int amount)
    {
        tally.State.Total += amount;
        await tally.WriteStateAsync();
        return tally.State.Total;
    }

    public Task Clear() => tally.ClearStateAsync();

    public Task RemindSoon() => this.RegisterOrUpdateReminder("soon", TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));

    public Task<string> SiloName() => Task.FromResult(silo.Name);

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        bell.Ring(this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }
}

/// <summary>Tells a test that a grain was reminded; one for all silos of a test.</summary>
public sealed class ReminderBell
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> rung = new();

    public void Ring(string key) => For(key).TrySetResult();

    /// <summary>Waits, for a bounded time: of a reminder that is registered while silos share them anew, they learn when they next read their table.</summary>
    public Task Rung(string key, CancellationToken ct) => For(key).Task.WaitAsync(TimeSpan.FromMinutes(10), ct);

    private TaskCompletionSource For(string key) => rung.GetOrAdd(key, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
