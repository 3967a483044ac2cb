using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AX2Caption.ServiceDefaults;

/// <summary>Builds a host whose settings are right.</summary>
public static class CheckedHost
{
    /// <summary>
    /// Builds a host and checks its settings before anything is done with them. What is wrong is named, all that can be found out at
    /// once, a line for each.
    /// </summary>
    /// <param name="name">The host's name for people.</param>
    /// <param name="build">Puts it together.</param>
    /// <param name="error">Hears of what is wrong.</param>
    /// <returns>Null if it cannot start.</returns>
    public static async Task<WebApplication?> Build(string name, Func<WebApplication> build, TextWriter error)
    {
        WebApplication? app = null;
        try
        {
            app = build();
            app.Services.GetRequiredService<IStartupValidator>().Validate();
            return app;
        }
        catch (Exception exception) when (BadSettings.In(exception) is { } failures)
        {
            if (app is not null)
                await app.DisposeAsync();
            await error.WriteLineAsync($"The {name} cannot start with these settings:");
            foreach (var failure in failures)
                await error.WriteLineAsync($"  {failure}");
            return null;
        }
    }
}
