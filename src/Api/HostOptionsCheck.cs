using Microsoft.Extensions.Options;

namespace AX2Caption.Api;

internal static class HostOptionsCheck
{
    /// <summary>Names every bad setting on standard error, before anything is read from them.</summary>
    public static bool HasValidOptions(this WebApplication app)
    {
        try
        {
            app.Services.GetRequiredService<IStartupValidator>().Validate();
            return true;
        }
        catch (OptionsValidationException exception)
        {
            Report([exception]);
        }
        catch (AggregateException exception)
        {
            Report(exception.InnerExceptions.OfType<OptionsValidationException>());
        }

        return false;
    }

    private static void Report(IEnumerable<OptionsValidationException> exceptions)
    {
        Console.Error.WriteLine("The Api cannot start with these settings:");
        foreach (var failure in exceptions.SelectMany(exception => exception.Failures))
            Console.Error.WriteLine($"  {failure}");
    }
}
