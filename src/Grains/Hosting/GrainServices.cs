using AX2Caption.Grains.Accounts;
using AX2Caption.Grains.Auditing;
using AX2Caption.Grains.AuditLog;
using AX2Caption.Grains.Credits;
using AX2Caption.Grains.Hosting;
using AX2Caption.Grains.Jobs;
using AX2Caption.Grains.Mail;
using AX2Caption.Grains.Media;
using AX2Caption.Grains.Passwords;
using AX2Caption.Grains.Plans;
using AX2Caption.Grains.Retention;
using AX2Caption.Grains.Sessions;
using AX2Caption.Grains.Transcription;
using AX2Caption.Grains.Uploads;
using AX2Caption.Grains.Videos;
using AX2Caption.Grains.Webhooks;
using AX2Caption.Grains.Work;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;

namespace AX2Caption.Grains;

/// <summary>What a silo's composition needs of this project; the rest is internal.</summary>
public static class GrainServices
{
    /// <summary>The writers of the ledger and of jobs. Register them before Orleans: they stop after the grains that wait for them.</summary>
    /// <param name="services">The silo's container.</param>
    /// <param name="connectionString">The silo's role on PostgreSQL; the writers have connections of their own.</param>
    public static IServiceCollection AddWriters(this IServiceCollection services, string connectionString)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services.AddLedger(connectionString).AddJobWriter(connectionString);
    }

    /// <summary>What both roles need, with <see cref="AddWriters"/> before it.</summary>
    public static IServiceCollection AddGrainServices(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services.AddPlans().AddAccounts().AddSessions().AddPasswords().AddMail().AddAuditLog()
            .AddCredits().AddVideos().AddUploads().AddRetention().AddJobs().AddWebhooks().AddWork().AddTranscription().AddAuditing();
    }

    /// <summary>The sweeps that finish what crashes interrupted, the audit of what was written, and the senders of mails and of webhooks' events.</summary>
    public static IServiceCollection AddCoreRole(this IServiceCollection services) => services
        .AddMailSender()
        .AddWebhookSender()
        .AddHostedService<Sweeper>()
        .AddHostedService(provider => provider.GetRequiredService<LedgerWatch>());

    /// <summary>Media work. Register it after Orleans: it stops first.</summary>
    /// <param name="services">The silo's container.</param>
    /// <param name="isCore">Whether the silo has the core role too.</param>
    public static IServiceCollection AddWorkerRole(this IServiceCollection services, bool isCore) =>
        services.AddMedia().AddVideoTasks().AddJobTasks().AddWorker(isCore);

    /// <summary>Faults become what callers can act on, and log lines carry the request's id.</summary>
    public static ISiloBuilder AddGrainCallFilters(this ISiloBuilder silo) => silo.AddIncomingGrainCallFilter<CallFilter>();

    /// <summary>A silo without the core role activates none of our grains.</summary>
    public static ISiloBuilder LeaveOutBusinessGrains(this ISiloBuilder silo) => silo.ConfigureServices(services =>
        services.PostConfigure<GrainTypeOptions>(options =>
            options.Classes.RemoveWhere(grain => grain.Assembly == typeof(GrainServices).Assembly)));
}
