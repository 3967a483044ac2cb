using AX2Caption.Grains.Database;
using AX2Caption.Grains.Plans;
using AX2Caption.Grains.Tests.Transcription.OpenAi;
using AX2Caption.Grains.Work;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AX2Caption.Grains.Tests.Work;

public sealed class LeaseKeeperTests
{
    [Fact]
    public async Task A_fault_of_whatever_kind_does_not_end_it()
    {
        var log = new LogLines();
        using var loggers = new LoggerFactory([log]);
        var settings = Options.Create(new WorkOptions());
        await using var plans = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build()).AddPlans().BuildServiceProvider();
        var database = new WorkDatabase("Host=127.0.0.1;Port=1;Username=nobody;Password=none;Timeout=1", TimeSpan.FromSeconds(1));
        // From now on whoever asks it meets an ObjectDisposedException.
        database.Dispose();
        var queue = new TaskQueue(database, plans.GetRequiredService<Grains.Plans.Plans>(), settings, NullLogger<TaskQueue>.Instance);
        var time = new FakeTimeProvider();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(1));

        var rest = new WorkerRest(new WorkerPrerequisites([]), settings, time, NullLogger<WorkerRest>.Instance);
        var keeping = new LeaseKeeper(queue, new RunningTasks(), rest, settings, time, loggers.CreateLogger<LeaseKeeper>()).Run(QueueFixture.Worker, end.Token);
        while (log.Text.Split("could not be renewed").Length <= 3)
        {
            Assert.False(keeping.IsCompleted);
            time.Advance(settings.Value.HeartbeatInterval);
            await Task.Delay(TimeSpan.FromMilliseconds(5), limit.Token);
        }

        Assert.False(keeping.IsCompleted);
        await end.CancelAsync();
        await keeping;
    }
}
