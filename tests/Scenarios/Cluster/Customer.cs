using System.Globalization;
using AX2Caption.Testing;
using AX2Caption.Testing.Service;

namespace AX2Caption.Scenarios.Cluster;

/// <summary>A guest who plays an account's parts: submits them, some of them several times, and cancels some; and repeats what had no answer.</summary>
internal sealed class Customer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly CaptionClient client;
    private readonly JobRecord record;
    private readonly List<Guid> videos = [];

    private Customer(int account, CaptionClient client, JobRecord record) => (Account, this.client, this.record) = (account, client, record);

    public int Account { get; }

    /// <summary>With the account's videos uploaded and examined.</summary>
    public static async Task<Customer> Arrive(Stage stage, int account, JobRecord record, CancellationToken cancellationToken)
    {
        var customer = new Customer(account, stage.First.CreateClient(), record);
        await customer.client.BecomeGuest(cancellationToken);
        foreach (var (video, sentences) in Cast.VideosOf(account).Index())
        {
            var path = Path.Combine(stage.First.Folder, $"video-{account}-{video}.wav");
            await Write(path, sentences, loudness: 1 - (((account * 3) + video) * 0.02), cancellationToken);
            customer.videos.Add((await customer.client.UploadAndProbe(path, cancellationToken)).Id);
        }

        return customer;
    }

    /// <summary>Plays all of the account's parts.</summary>
    public async Task Play(IEnumerable<Part> parts, CancellationToken cancellationToken)
    {
        var later = new List<(int Left, Part Part)>();
        var cancellations = new List<Task>();
        foreach (var part in parts)
        {
            await Task.Delay(part.Pause, cancellationToken);
            await Task.WhenAll(Enumerable.Range(0, part.AtOnce).Select(_ => Submit(part, cancellationToken)));
            if (part.CanceledAfter is { } after && record.JobId(part) is { } jobId)
                cancellations.Add(Cancel(part, jobId, after, cancellationToken));
            if (part.IsContradicted)
                await Contradict(part, cancellationToken);

            later = [.. later.Select(again => again with { Left = again.Left - 1 })];
            foreach (var (_, again) in later.Where(again => again.Left == 0))
                await Submit(again, cancellationToken);
            later.RemoveAll(again => again.Left == 0);
            if (part.AgainAfter is { } count)
                later.Add((count, part));
        }

        foreach (var (_, again) in later)
            await Submit(again, cancellationToken);
        await Task.WhenAll(cancellations);
    }

    /// <summary>Submits a part; the answer has to be the one that it had before, if it had one.</summary>
    public async Task Submit(Part part, CancellationToken cancellationToken)
    {
        try
        {
            record.Accepted(part, await Insist(token => client.Submit(videos[part.Video], part.Key, part.Language, cancellationToken: token), cancellationToken));
        }
        catch (ApiException refusal)
        {
            record.Refused(part, refusal.Problem);
        }
    }

    public Task<ClientJob> Job(Guid jobId, CancellationToken cancellationToken) => Insist(token => client.Job(jobId, token), cancellationToken);

    public Task<string> Captions(Guid jobId, CancellationToken cancellationToken) => Insist(token => client.Captions(jobId, "srt", token), cancellationToken);

    public Task<ClientCredits> Credits(CancellationToken cancellationToken) => Insist(client.Credits, cancellationToken);

    public void Dispose() => client.Dispose();

    private async Task Cancel(Part part, Guid jobId, TimeSpan after, CancellationToken cancellationToken)
    {
        await Task.Delay(after, cancellationToken);
        try
        {
            var job = await Insist(token => client.Cancel(jobId, token), cancellationToken);
            record.Canceled(part, job.State);
        }
        catch (ApiException refusal) when (refusal.Problem.Code == "job_already_ended")
        {
            record.CanceledTooLate(part);
        }
    }

    private async Task Contradict(Part part, CancellationToken cancellationToken)
    {
        try
        {
            var job = await Insist(token => client.Submit(videos[part.Video], part.Key, Cast.Busy, cancellationToken: token), cancellationToken);
            record.Complain($"{part}: something else under its key was accepted as {job.Id}");
        }
        catch (ApiException refusal) when (refusal.Problem.Code == "idempotency_key_reused")
        {
            // As it must be.
        }
    }

    /// <summary>Until there is an answer; that the service cannot answer at the moment is none.</summary>
    private static async Task<T> Insist<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        while (true)
        {
            try
            {
                return await ask(limit.Token);
            }
            catch (ApiException refusal) when (refusal.Problem.Code is "service_unavailable" or "request_timeout")
            {
                await Task.Delay(Pause, limit.Token);
            }
        }
    }

    /// <summary>A little less loud than the one before, so that no chunk of one is byte for byte one of another.</summary>
    private static Task Write(string path, IReadOnlyList<int> sentences, double loudness, CancellationToken cancellationToken) => SampleSpeech.Ffmpeg(
        [
            .. sentences.SelectMany(sentence => (string[])["-i", SampleSpeech.Sentences[sentence].WavPath]),
            "-filter_complex",
            string.Concat(sentences.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"[{i}:a]apad=pad_dur={SampleSpeech.Pause.TotalSeconds}[s{i}];")))
                + string.Concat(sentences.Select((_, i) => $"[s{i}]"))
                + string.Create(CultureInfo.InvariantCulture, $"concat=n={sentences.Count}:v=0:a=1,volume={loudness}[speech]"),
            "-map", "[speech]", path,
        ],
        cancellationToken);
}
