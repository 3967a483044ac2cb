using AX2Caption.Grains.Work;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Credits;

internal static class CreditServices
{
    public static IServiceCollection AddCredits(this IServiceCollection services)
    {
        services.AddOptions<CreditOptions>().BindConfiguration(CreditOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<CreditOptions>, PriceValidator>();
        services.AddSingleton<PriceList>();
        services.AddSingleton<CreditStore>();
        services.AddSingleton<ILedger, Ledger>();
        services.AddSingleton<ISweep, DueCreditSweep>();
        return services;
    }

    public static IServiceCollection AddLedger(this IServiceCollection services, string connectionString)
    {
        services.AddOptions<LedgerOptions>().BindConfiguration(LedgerOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<LedgerMetrics>();
        services.AddSingleton(_ => new LedgerDatabase(connectionString));
        services.AddSingleton<LedgerTable>();
        services.AddSingleton<LedgerWriter>();
        return services.AddHostedService(provider => provider.GetRequiredService<LedgerWriter>());
    }
}
