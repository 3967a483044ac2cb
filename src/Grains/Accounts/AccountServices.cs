using Microsoft.Extensions.DependencyInjection;

namespace AX2Caption.Grains.Accounts;

internal static class AccountServices
{
    public static IServiceCollection AddAccounts(this IServiceCollection services) => services.AddSingleton<AccountStore>();
}
