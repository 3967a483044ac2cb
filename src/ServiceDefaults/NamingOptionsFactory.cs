using Microsoft.Extensions.Options;

namespace AX2Caption.ServiceDefaults;

/// <summary>
/// Makes a value that does not parse a refusal like any other, so that a start names it together with all the rest: the framework
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
        catch (InvalidOperationException exception) when (BadSettings.In(exception) is { } failures)
        {
            throw new OptionsValidationException(name, typeof(TOptions), failures);
        }
    }
}
