namespace AX2Caption.Api.Accounts;

internal static class AccountServices
{
    public static void AddAccounts(this IServiceCollection services)
    {
        services.AddAccessPolicies();
        services.AddSingleton<RegistrationDesk>();
    }
}
