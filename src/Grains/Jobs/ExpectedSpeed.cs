using System.Collections.Concurrent;
using AX2Caption.Grains.Abstractions.Jobs;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Jobs;

/// <summary>
/// How many times faster than it is spoken jobs of a language are recognised, as this silo has seen of late. Languages stand for
/// engines, which are chosen by them. A job keeps what was expected when work on it began, so that every silo estimates it alike.
/// </summary>
internal sealed class ExpectedSpeed(IOptions<JobOptions> options)
{
    /// <summary>How much the last job counts against all before it.</summary>
    private const double Weight = 0.3;

    /// <summary>More than there are languages; whatever else may come is not remembered.</summary>
    private const int MaximumLanguages = 1000;

    private readonly ConcurrentDictionary<string, double> seen = new(StringComparer.OrdinalIgnoreCase);

    public double Of(string language) => seen.TryGetValue(language, out var speed) ? speed : options.Value.ExpectedSpeed;

    /// <summary>Learns from a job whose last chunk is done, and hands the job on; a report that is refused later teaches no wrong speed.</summary>
    public CaptionJob? Note(CaptionJob? job)
    {
        if (job is { Stage: JobStage.Compose, SpeechTotal: { } speech, TranscribingSince: { } since, ProgressedAt: { } now }
            && speech > TimeSpan.Zero && now > since && (seen.Count < MaximumLanguages || seen.ContainsKey(job.Language)))
        {
            var speed = speech / (now - since);
            seen.AddOrUpdate(job.Language, speed, (_, before) => before + (Weight * (speed - before)));
        }

        return job;
    }
}
