using AX2Caption.Captions;
using AX2Caption.Grains.Jobs;
using AX2Caption.Grains.Transcription;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Credits;

/// <summary>The configured prices.</summary>
internal sealed class PriceList(IOptions<CreditOptions> options)
{
    public JobPrice Of(string engine, string profile, TimeSpan duration)
    {
        var prices = options.Value;
        var rate = prices.Engines.TryGetValue(engine, out var named) ? named : prices.PerStartedMinute;
        prices.Profiles.TryGetValue(profile, out var extra);
        return new JobPrice(Math.Max(1, (long)Math.Ceiling(duration.TotalMinutes)), rate + extra);
    }
}

/// <summary>Names every price that is out of range, or is for something that does not exist.</summary>
internal sealed class PriceValidator(Transcribers transcribers) : IValidateOptions<CreditOptions>
{
    private const long Maximum = 10_000;

    public ValidateOptionsResult Validate(string? name, CreditOptions options)
    {
        string[] knownEngines = [.. transcribers.All.Select(engine => engine.Engine)];
        string[] knownProfiles = [.. LayoutProfiles.All.Select(profile => profile.Name), JobProfile.Automatic];
        var engines = Problems(nameof(options.Engines), options.Engines, knownEngines, minimum: 1);
        var profiles = Problems(nameof(options.Profiles), options.Profiles, knownProfiles, minimum: 0);
        return engines.Concat(profiles).ToList() is [_, ..] problems ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
    }

    private static IEnumerable<string> Problems(string member, IDictionary<string, long> prices, string[] known, long minimum)
    {
        foreach (var (name, price) in prices)
        {
            var key = $"{CreditOptions.Section}:{member}:{name}";
            if (!known.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                yield return $"{key} is the price of nothing; known are {string.Join(", ", known)}.";
            }

            if (price < minimum || price > Maximum)
            {
                yield return $"{key} must be between {minimum} and {Maximum}.";
            }
        }
    }
}
