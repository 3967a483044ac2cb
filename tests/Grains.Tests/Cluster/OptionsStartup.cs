using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Tests.Cluster;

/// <summary>Options as a silo has them at its start.</summary>
internal static class OptionsStartup
{
    /// <param name="add">What registers the options.</param>
    /// <param name="settings">What is configured.</param>
    /// <returns>What the start is refused with; null if it is not.</returns>
    public static string? Validate(Action<IServiceCollection> add, params IEnumerable<(string Key, string Value)> settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value)).Build();
        var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration);
        add(services);
        using var provider = services.BuildServiceProvider();
        try
        {
            provider.GetRequiredService<IStartupValidator>().Validate();
            return null;
        }
        catch (AggregateException refusals) when (refusals.InnerExceptions.All(refusal => refusal is OptionsValidationException))
        {
            return string.Join("; ", refusals.InnerExceptions.Select(refusal => refusal.Message));
        }
        catch (OptionsValidationException fault)
        {
            return fault.Message;
        }
    }
}
