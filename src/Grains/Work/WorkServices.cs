using AX2Caption.Grains.Media;
using AX2Caption.Grains.Transcription;
using Microsoft.Extensions.DependencyInjection;

namespace AX2Caption.Grains.Work;

internal static class WorkServices
{
    public static IServiceCollection AddWork(this IServiceCollection services)
    {
        services.AddOptions<WorkOptions>().BindConfiguration(WorkOptions.Section).ValidateDataAnnotations()
            .Validate(options => options.HeartbeatFitsLease, "Worker:HeartbeatInterval must be at most a third of Worker:LeaseDuration.")
            .Validate(options => options.OutageDelayFitsItsMaximum, "Worker:OutageDelay must be at most Worker:MaximumOutageDelay.")
            .ValidateOnStart();
        services.AddSingleton<TaskQueue>();
        services.AddSingleton<RetryPolicy>();
        services.AddSingleton<ISweep, LostLeaseSweep>();
        services.AddSingleton<ISweep, WorkShareSweep>();
        services.AddSingleton<ISweep, EndedTaskSweep>();
        return services;
    }

    /// <param name="services">The silo's container.</param>
    /// <param name="isCore">Whether the same silo runs grains.</param>
    public static IServiceCollection AddWorker(this IServiceCollection services, bool isCore)
    {
        services.AddSingleton(WorkerIdentity.OfThisProcess(isCore));
        services.AddSingleton<IWorkerPrerequisite, SandboxPrerequisite>();
        services.AddSingleton<IWorkerPrerequisite, EnginePrerequisite>();
        services.AddSingleton<IWorkerPrerequisite, ScratchPrerequisite>();
        services.AddSingleton(provider => new WorkerPrerequisites(provider.GetServices<IWorkerPrerequisite>()));
        services.AddSingleton<Scratch>();
        services.AddSingleton<RunningTasks>();
        services.AddSingleton<WorkMetrics>();
        services.AddSingleton<WorkerRest>();
        services.AddSingleton<LeaseKeeper>();
        services.AddSingleton<TaskRunner>();
        services.AddSingleton<LostAttempts>();
        services.AddHostedService<WorkerAgent>();
        return services;
    }

    private sealed class SandboxPrerequisite(MediaSandbox sandbox) : IWorkerPrerequisite
    {
        public Task Check(CancellationToken cancellationToken) => sandbox.CheckHealth(cancellationToken);
    }

    private sealed class ScratchPrerequisite(Scratch scratch) : IWorkerPrerequisite
    {
        public Task Check(CancellationToken cancellationToken) => scratch.Check(cancellationToken);
    }

    private sealed class EnginePrerequisite(Transcribers transcribers) : IWorkerPrerequisite
    {
        public Task Check(CancellationToken cancellationToken) =>
            Task.WhenAll(transcribers.All.Select(engine => engine.CheckHealth(cancellationToken)));
    }
}
