using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using AX2Caption.Testing.Speech;

namespace AX2Caption.Scenarios.Cluster;

/// <summary>
/// What the speech server makes of the cast's audio. It hears words that name their chunk, takes its time, and now and then does what servers
/// do; each chunk has its own fate, by the seed, and is heard in the end.
/// </summary>
internal sealed class CapriciousSpeech(int seed)
{
    /// <summary>How often a busy server says so; more often than a task has attempts.</summary>
    public const int BusyTimes = Stage.MaximumAttempts + 2;

    private const int CapriciousTimes = 3;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);

    private readonly ConcurrentQueue<Hearing> hearings = new();
    private readonly ConcurrentDictionary<string, int> times = new();

    /// <summary>Every request for a chunk, the oldest first.</summary>
    public IReadOnlyList<Hearing> Hearings => [.. hearings];

    public async Task<SpeechAnswer> Hear(SpeechRequest request)
    {
        // Scaled audio and, for each video, different languages: these are the bytes of one chunk of one job.
        var hash = SHA256.HashData([.. request.File, .. Encoding.UTF8.GetBytes(request.Language ?? "")]);
        var chunk = Convert.ToHexStringLower(hash.AsSpan(0, 4));
        hearings.Enqueue(new Hearing(chunk, TimeSpan.FromSeconds(request.Seconds), TimeProvider.System.GetUtcNow()));
        var time = times.AddOrUpdate(chunk, 1, (_, so) => so + 1);
        if (request.Language == Cast.Refused)
            return SpeechAnswer.Error(HttpStatusCode.BadRequest, "The audio could not be processed.", null);
        if (request.Language == Cast.Busy && time <= BusyTimes)
            return SpeechAnswer.Error(HttpStatusCode.TooManyRequests, "Rate limit reached.", "rate_limit_exceeded", retryAfter: "1");

        var random = new Random(seed ^ BitConverter.ToInt32(hash, 4) ^ (time * 7919));
        var mood = time > CapriciousTimes ? 100 : random.Next(100);
        if (mood < 20)
        {
            return mood switch
            {
                < 6 => SpeechAnswer.Error(HttpStatusCode.TooManyRequests, "Rate limit reached.", "rate_limit_exceeded"),
                < 11 => SpeechAnswer.Error(HttpStatusCode.ServiceUnavailable, "The server is overloaded.", null),
                < 14 => SpeechAnswer.Error(HttpStatusCode.InternalServerError, "The server had an error.", null),
                < 18 => SpeechAnswer.CutOff,
                _ => SpeechAnswer.Stalled,
            };
        }

        // So that there is always something at work when something happens.
        await Task.Delay(mood < 40 ? Longest * random.NextDouble() : Longest / 5 * random.NextDouble());
        return new SpeechAnswer.Heard(request.Language ?? "korean", [Said(chunk, request.Seconds)]);
    }

    /// <summary>A word a second.</summary>
    private static SpokenSegment Said(string chunk, double seconds)
    {
        var words = Enumerable.Range(0, Math.Max(1, (int)seconds)).Select(i => new SpokenWord(Word(chunk, i), i + 0.1, Math.Min(seconds, i + 0.8))).ToList();
        return new SpokenSegment(words[0].Start, words[^1].End, string.Join(' ', words.Select(word => word.Text)), words);
    }

    private static string Word(string chunk, int number) => $"x{chunk}w{number}";
}

/// <summary>A request for a chunk.</summary>
/// <param name="Chunk">Names one chunk of one job; the words that are heard in it begin with <c>x</c> and this.</param>
/// <param name="Length">How long its audio is.</param>
/// <param name="At">When it was there in full.</param>
internal sealed record Hearing(string Chunk, TimeSpan Length, DateTimeOffset At);
