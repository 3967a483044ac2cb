using AX2Caption.Grains.Work;
using Microsoft.Extensions.DependencyInjection;

namespace AX2Caption.Grains.Sessions;

internal static class SessionServices
{
    public static IServiceCollection AddSessions(this IServiceCollection services)
    {
        services.AddOptions<SessionOptions>().BindConfiguration(SessionOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<SignInOptions>().BindConfiguration(SignInOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<SessionStore>();
        services.AddSingleton<SignInThrottleStore>();
        services.AddSingleton<ISweep, SessionSweep>();
        services.AddSingleton<ISweep, SignInThrottleSweep>();
        return services;
    }
}
