using System.Globalization;
using AX2Caption.Api.Requests;
using Microsoft.Extensions.Options;

namespace AX2Caption.Api.Accounts;

/// <summary>The command <c>create-operator-token NAME [HOURS]</c>. Standard output is the token and nothing else.</summary>
internal static class CreateOperatorToken
{
    private const int MaximumNameLength = 100;
    private const int DefaultHours = 1;
    private const int MaximumHours = 24;

    public static int Run(string[] arguments)
    {
        if (arguments is not [var name, .. { Length: <= 1 } rest]
            || !PlainText.Is(name, MaximumNameLength)
            || !TryReadHours(rest is [var given] ? given : null, out var hours))
        {
            Console.Error.WriteLine(
                $"create-operator-token NAME [HOURS]: NAME is 1 to {MaximumNameLength} printable characters, "
                + $"HOURS 1 to {MaximumHours} ({DefaultHours} without it).");
            return 1;
        }

        using var services = Services();
        try
        {
            var (token, expiresAt) = services.GetRequiredService<AccessTokens>().IssueToOperator(name, TimeSpan.FromHours(hours));
            Console.Error.WriteLine($"A token for the operator {name}, good until {expiresAt:yyyy-MM-ddTHH:mm:ssZ}.");
            Console.WriteLine(token);
            return 0;
        }
        catch (OptionsValidationException exception)
        {
            foreach (var failure in exception.Failures)
                Console.Error.WriteLine(failure);
            return 1;
        }
    }

    private static bool TryReadHours(string? text, out int hours)
    {
        hours = DefaultHours;
        return text is null
            || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out hours) && hours is >= 1 and <= MaximumHours);
    }

    /// <summary>The same settings as the host's, from the same files and environment.</summary>
    private static ServiceProvider Services()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .SetBasePath(AppContext.BaseDirectory)
            .AddJsonFile("appsettings.json", optional: true)
            .AddEnvironmentVariables()
            .Build());
        services.AddSingleton(TimeProvider.System);
        services.AddAccessTokens();
        return services.BuildServiceProvider();
    }
}
