using AX2Caption.Grains.Work;
using Microsoft.Extensions.DependencyInjection;

namespace AX2Caption.Grains.Accounts;

internal static class AccountServices
{
    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.AddOptions<AccountOptions>().BindConfiguration(AccountOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<AccountStore>();
        services.AddSingleton<GuestAdmissionStore>();
        services.AddSingleton<GuestAdoption>();
        services.AddSingleton<MemberStore>();
        services.AddSingleton<RegistrationStore>();
        services.AddSingleton<RegistrationCompletion>();
        services.AddSingleton<AccountLinkStore>();
        services.AddSingleton<PasswordChange>();
        services.AddSingleton<AccountDeletion>();
        services.AddSingleton<ISweep, GuestAdmissionSweep>();
        services.AddSingleton<ISweep, RegistrationSweep>();
        services.AddSingleton<ISweep, AccountPurgeSweep>();
        return services;
    }
}
