using AX2Caption.Grains.Credits;
using AX2Caption.Grains.Work;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Jobs;

internal static class JobServices
{
    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        services.AddOptions<JobOptions>().BindConfiguration(JobOptions.Section).ValidateDataAnnotations()
            .Validate<IOptions<CreditOptions>>(
                (jobs, credits) => jobs.Deadline < credits.Value.HoldLifetime,
                "Jobs:Deadline must be shorter than Credits:HoldLifetime: a hold must outlive its job.")
            .ValidateOnStart();
        services.AddSingleton<JobStore>();
        services.AddSingleton<JobDelivery>();
        services.AddSingleton<ISweep, UndeliveredJobSweep>();
        return services;
    }

    public static IServiceCollection AddJobTasks(this IServiceCollection services) => services
        .AddSingleton<ITaskHandler, PrepareHandler>()
        .AddSingleton<ITaskHandler, TranscribeHandler>()
        .AddSingleton<ITaskHandler, ComposeHandler>();
}
