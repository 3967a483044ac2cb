using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AX2Caption.ServiceDefaults;

/// <summary>What both hosts share.</summary>
public static class HostDefaults
{
    // Long enough for a worker to hand its tasks back and for the last batch of credits to be written.
    private const int ShutdownTimeoutSeconds = 60;

    /// <summary>
    /// Adds logging, health checks and the shutdown time-out (host setting <c>shutdownTimeoutSeconds</c>, default 60).
    /// </summary>
    /// <param name="builder">The host being built.</param>
    /// <param name="service">The service's name in logs and log files, for example <c>api</c>.</param>
    public static IHostApplicationBuilder AddServiceDefaults(this IHostApplicationBuilder builder, string service)
    {
        // Nothing is written in the manner of the machine's language. Unicode's tables are there all the same: without them, text would
        // be compared as it was typed, and a password in Hangul would depend on the keyboard.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
        builder.Services.Replace(ServiceDescriptor.Transient(typeof(IOptionsFactory<>), typeof(NamingOptionsFactory<>)));
        Logs.Add(builder, service);
        Health.Add(builder.Services);
        var timeout = TimeSpan.FromSeconds(builder.Configuration.GetValue("shutdownTimeoutSeconds", ShutdownTimeoutSeconds));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = timeout);
        return builder;
    }
}
