using System.Net;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;
using AX2Caption.Testing.Speech;

namespace AX2Caption.Api.Tests.Jobs;

/// <summary>A service that has a speech server for Korean, and logs everything that it can.</summary>
public sealed class CaptioningThroughASpeechServer(ServiceFixture fixture) : IAsyncLifetime
{
    private const long KoreanPrice = 3;

    private SpeechServer speech = null!;
    private CaptionService service = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        speech = await SpeechServer.Start(Cancellation);
        speech.Hears = request => Task.FromResult<SpeechAnswer>(new SpeechAnswer.Heard(
            "korean",
            [
                new(0.5, 3, "안녕하세요, 여러분.", [new("안녕하세요", 0.5, 1.5), new("여러분", 1.6, 3)]),
                new(4, 7, "오늘은 날씨가 좋네요.", [new("오늘은", 4, 5), new("날씨가", 5, 6), new("좋네요", 6, 7)]),
            ]));
        service = await CaptionService.Start(await fixture.CreateDatabase(), new CaptionServiceSettings
        {
            Silo = new Dictionary<string, string>
            {
                ["Transcription__OpenAi__hosted__BaseUrl"] = speech.BaseUrl,
                ["Transcription__OpenAi__hosted__ApiKey"] = speech.Key,
                ["Transcription__OpenAi__hosted__Model"] = speech.Model,
                ["Transcription__OpenAi__hosted__Languages__0"] = "ko",
                // Outages go by in little time.
                ["Transcription__OpenAi__hosted__RetryDelay"] = "00:00:00.010",
                ["Transcription__OpenAi__hosted__BreakDuration"] = "00:00:00.500",
                ["Worker__OutageDelay"] = "00:00:00.100",
                ["Worker__MaximumOutageDelay"] = "00:00:01",
                ["Credits__Engines__hosted"] = $"{KoreanPrice}",
                ["Logging__LogLevel__Default"] = "Trace",
                ["Logging__LogLevel__System"] = "Trace",
                ["Logging__LogLevel__Microsoft"] = "Debug",
                ["Logging__LogLevel__Orleans"] = "Information",
                ["Logging__LogLevel__Polly"] = "Trace",
                ["Logging__ConsoleLevel"] = "Warning",
            },
        });
    }

    public async ValueTask DisposeAsync()
    {
        await service.DisposeAsync();
        await speech.DisposeAsync();
    }

    [Fact]
    public async Task Gives_Korean_captions_at_that_engines_price_finds_languages_out_and_logs_no_key()
    {
        using var guest = service.CreateClient();
        await guest.BecomeGuest(Cancellation);
        var video = await guest.UploadAndProbe(fixture.Speech, Cancellation);
        var quote = await guest.Quote(video.Id, "ko", Cancellation);
        Assert.Equal(("hosted", KoreanPrice, "netflix-ko"), (quote.Engine, quote.Price, quote.Profile));

        var korean = await guest.WaitForEnd((await guest.Submit(video.Id, language: "ko", cancellationToken: Cancellation)).Id, Cancellation);

        Assert.Equal(("succeeded", "ko", null, KoreanPrice), (korean.State, korean.Language, korean.DetectedLanguage, korean.Price));
        Assert.StartsWith(
            "1\n00:00:00,500 --> 00:00:03", (await guest.Captions(korean.Id, "srt", Cancellation)).ReplaceLineEndings("\n"), StringComparison.Ordinal);
        foreach (var format in (string[])["srt", "vtt"])
        {
            var captions = await guest.Captions(korean.Id, format, Cancellation);
            Assert.Contains("안녕하세요, 여러분.", captions, StringComparison.Ordinal);
            Assert.Contains("오늘은 날씨가 좋네요.", captions, StringComparison.Ordinal);
        }

        Assert.All(speech.Requests, request => Assert.Equal("ko", request.Language));
        var before = speech.Requests.Count;

        var found = await guest.WaitForEnd((await guest.Submit(video.Id, language: "AUTO", cancellationToken: Cancellation)).Id, Cancellation);

        Assert.Equal(("succeeded", "auto", "ko", "auto", KoreanPrice), (found.State, found.Language, found.DetectedLanguage, found.Profile, found.Price));
        Assert.All(speech.Requests.Skip(before), request => Assert.Null(request.Language));
        Assert.Equal(await guest.Captions(korean.Id, "vtt", Cancellation), await guest.Captions(found.Id, "vtt", Cancellation));
        Assert.Equal(["settle", "reserve", "settle", "reserve", "grant"], (await guest.Entries(cancellationToken: Cancellation)).Items.Select(entry => entry.Kind));

        await service.StopSilo(Cancellation);
        var logs = string.Concat(Directory.EnumerateFiles(service.LogFolder).Concat(Directory.EnumerateFiles(service.Folder, "*.out")).Select(File.ReadAllText));
        Assert.Contains($"{korean.Id}", logs, StringComparison.Ordinal);
        Assert.DoesNotContain(speech.Key, logs, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outlasts_an_outage_that_takes_longer_than_all_attempts_together()
    {
        var hears = speech.Hears;
        speech.Script(SpeechAnswer.Error(HttpStatusCode.TooManyRequests, "Slow down.", "rate_limit_exceeded", retryAfter: "3600"));
        speech.Hears = _ => Task.FromResult(SpeechAnswer.Error(HttpStatusCode.ServiceUnavailable, "Overloaded.", null));
        using var guest = service.CreateClient();
        await guest.BecomeGuest(Cancellation);
        var video = await guest.UploadAndProbe(fixture.Speech, Cancellation);
        var job = await guest.Submit(video.Id, language: "ko", cancellationToken: Cancellation);

        // If they counted, three attempts of three requests each would be all that a chunk gets.
        await Eventually.Holds(() => Task.FromResult(speech.Requests.Count > 12));
        Assert.Equal("processing", (await guest.Job(job.Id, Cancellation)).State);
        speech.Hears = hears;

        var ended = await guest.WaitForEnd(job.Id, Cancellation);
        Assert.Equal(("succeeded", null, KoreanPrice), (ended.State, ended.Failure?.Code, ended.Price));
        Assert.Equal(["settle", "reserve", "grant"], (await guest.Entries(cancellationToken: Cancellation)).Items.Select(entry => entry.Kind));
    }

    [Fact]
    public async Task Fails_by_the_servers_refusal_with_a_reason_for_the_owner_and_all_credits_back()
    {
        speech.Script(SpeechAnswer.Error(HttpStatusCode.Unauthorized, "Billing is not active.", "billing_not_active"));
        using var guest = service.CreateClient();
        await guest.BecomeGuest(Cancellation);
        var video = await guest.UploadAndProbe(fixture.Speech, Cancellation);
        var before = await guest.Credits(Cancellation);

        var ended = await guest.WaitForEnd((await guest.Submit(video.Id, language: "ko", cancellationToken: Cancellation)).Id, Cancellation);

        Assert.Equal(("failed", "engine_misconfigured"), (ended.State, ended.Failure?.Code));
        Assert.DoesNotContain("Billing", ended.Failure!.Message, StringComparison.Ordinal);
        await Eventually.Holds(async () => await guest.Credits(Cancellation) == before);
    }
}
