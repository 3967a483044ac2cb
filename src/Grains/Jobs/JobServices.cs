using AX2Caption.Grains.Database;
using AX2Caption.Grains.Work;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Jobs;

internal static class JobServices
{
    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        services.AddOptions<JobOptions>().BindConfiguration(JobOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<JobStore>();
        services.AddSingleton<JobDelivery>();
        services.AddSingleton<JobTermsFinder>();
        services.AddSingleton<JobHold>();
        services.AddSingleton<JobRequeue>();
        services.AddSingleton<JobInspectionStore>();
        services.AddSingleton<JobFeedStore>();
        services.AddSingleton<ExpectedSpeed>();
        services.AddSingleton<QuoteStore>();
        services.AddSingleton<ISweep, UndeliveredJobSweep>();
        services.AddSingleton<ISweep, ExpiredQuoteSweep>();
        return services;
    }

    public static IServiceCollection AddJobWriter(this IServiceCollection services, string connectionString)
    {
        services.AddOptions<JobWriterOptions>().BindConfiguration(JobWriterOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => new WorkDatabase(connectionString, provider.GetRequiredService<IOptions<JobWriterOptions>>().Value.LockTimeout));
        services.AddSingleton<JobWriter>();
        services.AddSingleton<SubmissionReader>();
        return services;
    }

    public static IServiceCollection AddJobTasks(this IServiceCollection services) => services
        .AddSingleton<ITaskHandler, PrepareHandler>()
        .AddSingleton<ITaskHandler, TranscribeHandler>()
        .AddSingleton<ITaskHandler, ComposeHandler>();
}
