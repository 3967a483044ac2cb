using AX2Caption.Grains.Abstractions.Accounts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Plans;

/// <summary>The plan of each kind of account.</summary>
internal sealed class Plans(IOptionsMonitor<Plan> plans)
{
    public Plan Of(AccountKind kind) => plans.Get(Name(kind));

    public static string Name(AccountKind kind) => $"{kind}";

    public static string Section(string name) => $"Plans:{name}";
}

internal static class PlanServices
{
    public static IServiceCollection AddPlans(this IServiceCollection services)
    {
        Add(services, AccountKind.Guest, plan =>
        {
            plan.MaximumFileBytes = 1L << 30;
            plan.MaximumDuration = TimeSpan.FromHours(1);
            plan.MaximumVideos = 20;
            plan.MaximumTasksAtWork = 8;
        });
        Add(services, AccountKind.Member, plan =>
        {
            plan.MaximumFileBytes = 20L << 30;
            plan.MaximumDuration = TimeSpan.FromHours(4);
            plan.MaximumVideos = 100;
            plan.MaximumPinned = 10;
            plan.Weight = 4;
            plan.MaximumTasksAtWork = 64;
        });
        services.AddSingleton<IValidateOptions<Plan>, PlanValidator>();
        return services.AddSingleton<Plans>();
    }

    private static void Add(IServiceCollection services, AccountKind kind, Action<Plan> defaults) => services
        .AddOptions<Plan>(Plans.Name(kind))
        .Configure(defaults)
        .BindConfiguration(Plans.Section(Plans.Name(kind)))
        .ValidateOnStart();
}
