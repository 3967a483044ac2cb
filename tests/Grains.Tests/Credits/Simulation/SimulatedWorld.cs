using Microsoft.Extensions.Time.Testing;

namespace AX2Caption.Grains.Tests.Credits.Simulation;

/// <summary>
/// One thread, one clock, one source of chance. What is ready runs in its order; when nothing is, one of the things that are under
/// way is drawn and happens. The same seed gives the same run, to the last step.
/// </summary>
internal sealed class SimulatedWorld(int seed) : SynchronizationContext
{
    /// <summary>Far more than any story has; who waits for ever is found by it.</summary>
    private const int MostSteps = 100_000;

    private readonly Queue<(SendOrPostCallback Callback, object? State)> ready = new();
    private readonly List<Action> underWay = [];

    public Random Chance { get; } = new(seed);

    public FakeTimeProvider Clock { get; } = new(Operations.Now);

    public override void Post(SendOrPostCallback d, object? state) => ready.Enqueue((d, state));

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nothing here waits for another.");

    /// <summary>True once in <paramref name="n"/> times.</summary>
    public bool OneIn(int n) => Chance.Next(n) == 0;

    /// <summary>Something that happens some time from now.</summary>
    public Task Later()
    {
        var happened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        underWay.Add(happened.SetResult);
        return happened.Task;
    }

    /// <summary>Runs until <paramref name="story"/> has ended.</summary>
    public void Run(Func<Task> story)
    {
        var outer = Current;
        SetSynchronizationContext(this);
        try
        {
            var told = story();
            for (var steps = 0; !told.IsCompleted; steps++)
            {
                if (steps == MostSteps)
                    throw new InvalidOperationException($"After {MostSteps} steps it has not ended.");
                Step();
            }

            told.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(outer);
        }
    }

    private void Step()
    {
        if (ready.TryDequeue(out var next))
        {
            next.Callback(next.State);
            return;
        }

        if (underWay.Count == 0)
            throw new InvalidOperationException("Everybody waits and nothing is under way.");
        var drawn = Chance.Next(underWay.Count);
        var happen = underWay[drawn];
        underWay.RemoveAt(drawn);
        if (OneIn(20))
            Clock.Advance(TimeSpan.FromMinutes(Chance.Next(1, 40)));
        happen();
    }
}
