using AX2Caption.Grains.Abstractions.Work;
using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Grains.Tests.Media;
using AX2Caption.Grains.Tests.Transcription.OpenAi;
using AX2Caption.Grains.Work;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AX2Caption.Grains.Tests.Work;

/// <summary>Attempts at tasks as a worker makes them, of which the test says what comes of the work.</summary>
internal sealed class Attempts(ServiceFixture service, TimeProvider? time = null) : IDisposable
{
    private readonly TempFolder folder = new();

    private readonly WorkerRest rest = new(
        new WorkerPrerequisites([]), Options.Create(new WorkOptions()), new FakeTimeProvider(), NullLogger<WorkerRest>.Instance);

    public LogLines Log { get; } = new();

    /// <summary>Whether an attempt has asked the worker to rest.</summary>
    public bool IsRestDue => !rest.Take(TestContext.Current.CancellationToken).IsCompleted;

    /// <summary>Makes one attempt; one that would not end is lost after a while.</summary>
    public Task Make(ClaimedTask task, Func<ClaimedTask, Task<TaskOutcome>> work) => MakeUntilStopped(task, work, CancellationToken.None);

    /// <summary>Makes one attempt, by a worker that may be stopped meanwhile.</summary>
    public async Task MakeUntilStopped(ClaimedTask task, Func<ClaimedTask, Task<TaskOutcome>> work, CancellationToken stoppingToken)
    {
        using var lease = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken, stoppingToken);
        lease.CancelAfter(TimeSpan.FromMinutes(2));
        using var scratch = new Scratch(Options.Create(new WorkOptions { ScratchRoot = folder.Path }));
        using var loggers = new LoggerFactory([Log]);
        var runner = new TaskRunner(
            [new Handler(task.Input.Kind, work)], service.Grains, service.Objects, scratch, rest, time ?? TimeProvider.System, loggers.CreateLogger<TaskRunner>());
        await runner.Attempt(task, lease.Token);
    }

    public void Dispose() => folder.Dispose();

    private sealed class Handler(TaskKind kind, Func<ClaimedTask, Task<TaskOutcome>> work) : ITaskHandler
    {
        public TaskKind Kind => kind;

        public Task<TaskOutcome> Handle(ClaimedTask task, string scratch, CancellationToken cancellationToken) => work(task);
    }
}
