using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace AX2Caption.ServiceDefaults;

/// <summary>
/// Makes values that do not parse refusals like any other, so that a start names them together with all the rest: the framework
/// stops at the first.
/// </summary>
internal sealed class NamingOptionsFactory<TOptions>(
    IEnumerable<IConfigureOptions<TOptions>> setups,
    IEnumerable<IPostConfigureOptions<TOptions>> postSetups,
    IEnumerable<IValidateOptions<TOptions>> validations) : IOptionsFactory<TOptions>
    where TOptions : class
{
    private readonly OptionsFactory<TOptions> inner = new(setups, postSetups, validations);

    public TOptions Create(string name)
    {
        try
        {
            return inner.Create(name);
        }
        catch (InvalidOperationException exception) when (BadSettings.UnreadableKey(exception) is not null)
        {
            throw new OptionsValidationException(name, typeof(TOptions), AllFailures(name));
        }
    }

    /// <summary>What is found when each value that does not parse is left out as soon as it is named. Rules are tried on the defaults instead.</summary>
    private List<string> AllFailures(string name)
    {
        var failures = new List<string>();
        var leftOut = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var isDone = false; !isDone;)
        {
            try
            {
                new OptionsFactory<TOptions>(setups.Select(setup => Without(leftOut, setup)), postSetups, validations).Create(name);
                isDone = true;
            }
            catch (Exception exception) when (BadSettings.In(exception) is { } found)
            {
                // What cannot be left out comes again.
                isDone = BadSettings.UnreadableKey(exception) is not { } key || !leftOut.Add(key);
                failures.AddRange(found.Except(failures));
            }
        }

        return failures;
    }

    /// <summary>Those that read a section have the configuration given to them.</summary>
    private static IConfigureOptions<TOptions> Without(HashSet<string> keys, IConfigureOptions<TOptions> setup) =>
        setup is ConfigureNamedOptions<TOptions, IConfiguration> reading
            ? new ConfigureNamedOptions<TOptions, IConfiguration>(reading.Name, Without(keys, reading.Dependency), reading.Action)
            : setup;

    private static IConfiguration Without(HashSet<string> keys, IConfiguration configuration) => new ConfigurationBuilder()
        .AddInMemoryCollection(configuration.AsEnumerable().Where(setting => setting.Value is not null && !keys.Contains(setting.Key)))
        .Build();
}
