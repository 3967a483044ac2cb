using Microsoft.Extensions.DependencyInjection;

namespace AX2Caption.Grains.Passwords;

internal static class PasswordServices
{
    public static IServiceCollection AddPasswords(this IServiceCollection services)
    {
        services.AddOptions<PasswordOptions>().BindConfiguration(PasswordOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<BcryptFunction>();
        services.AddSingleton<PasswordHashing>();
        return services;
    }
}
