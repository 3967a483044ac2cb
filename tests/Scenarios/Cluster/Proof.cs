using System.Text.RegularExpressions;
using AX2Caption.Grains.Auditing;
using AX2Caption.Testing;
using AX2Caption.Testing.Audit;
using AX2Caption.Testing.Service;

namespace AX2Caption.Scenarios.Cluster;

/// <summary>Compares the record with the service, once nothing happens to it any more; nothing found is the only good answer.</summary>
internal sealed partial class Proof(
    Stage stage, JobRecord record, TaskWatch watch, CapriciousSpeech speech, IReadOnlyList<Customer> customers)
{
    private const int LooksForClearing = 20;

    private static readonly TimeSpan EndsWithin = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>Chunks differ by more than this.</summary>
    private static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(5);

    /// <summary>How wrong the built-in engine may be, of which a quarter of the words is usual; other sentences, or another order, are beyond it.</summary>
    private const double WordErrors = 0.7;

    private readonly List<string> found = [];
    private ILookup<Guid, TaskStep> stepsOf = null!;

    public async Task<IReadOnlyList<string>> Disagreements(CancellationToken cancellationToken)
    {
        await Rest(cancellationToken);
        var steps = await watch.Steps(cancellationToken);
        stepsOf = steps.ToLookup(step => step.JobId);
        found.AddRange(record.Complaints);
        await CheckJobs(cancellationToken);
        CheckSteps(steps);
        await CheckTables(cancellationToken);
        found.AddRange((await Book.Audit(stage.First, cancellationToken)).Where(violation => !IsOfAGivenUpAttempt(violation))
            .Select(violation => $"the auditor: {violation}"));
        return found;
    }

    /// <summary>
    /// A working file that was stored after its job had been cleared up, by an attempt that did not count any more: <c>storage verify</c> knows of it, and it goes
    /// with its video.
    /// </summary>
    private bool IsOfAGivenUpAttempt(Violation violation) =>
        violation.Rule == "object_has_owner"
        && violation.Subject.Split('/') is ["jobs", var jobId, "work", var attempt, _, ..]
        && Guid.TryParse(attempt, out var token)
        && stepsOf[Guid.Parse(jobId)].ToList() is var steps
        && steps.Exists(step => step.IsClaim && step.Token == token)
        && !steps.Exists(step => step.IsAcceptance && step.Token == token);

    /// <summary>Until every job has ended, is paid for and has been cleared up after; or until that has taken too long, which the checks then tell.</summary>
    private async Task Rest(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(EndsWithin);
        using var look = new PeriodicTimer(LookEvery);
        try
        {
            while (await Count("""
                select count(*) from caption_job
                where state in ('queued', 'processing') or credit_state in ('settle_owed', 'release_owed') or has_work_files
                """, limit.Token) > 0)
                await look.WaitForNextTickAsync(limit.Token);
            // Somebody whose lease was lost may be about to clear up after himself; who has no answer from the store does not know of what he left.
            for (var looks = 0; looks < LooksForClearing && (await Book.Audit(stage.First, limit.Token)).Count > 0; looks++)
                await look.WaitForNextTickAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            found.Add($"not at rest within {EndsWithin}");
        }
    }

    private async Task CheckJobs(CancellationToken cancellationToken)
    {
        var ended = new List<(Part Part, ClientJob Job)>();
        foreach (var (part, jobId) in record.Jobs)
        {
            var customer = customers[part.Account];
            var job = await customer.Job(jobId, cancellationToken);
            ended.Add((part, job));
            if (record.Disagreement(part, job) is { } wrong)
                Find(jobId, wrong);
            else if (job.State == "succeeded")
                Find(jobId, WrongWith(part, job, Srt.Parse(await customer.Captions(jobId, cancellationToken))));
        }

        foreach (var customer in customers)
        {
            var charged = ended.Where(one => one.Part.Account == customer.Account && one.Job.State == "succeeded").Sum(one => one.Part.Price);
            var credits = await customer.Credits(cancellationToken);
            if (credits != new ClientCredits(Stage.Granted - charged, 0))
                found.Add($"account {customer.Account} was charged {charged} and has {credits}");
        }
    }

    private string? WrongWith(Part part, ClientJob job, List<SrtCue> cues)
    {
        if (cues is [] || !cues.Select(cue => cue.Number).SequenceEqual(Enumerable.Range(1, cues.Count))
            || cues.Any(cue => cue.Start >= cue.End || cue.Text.Length == 0) || cues.Zip(cues.Skip(1)).Any(pair => pair.First.End > pair.Second.Start))
            return $"{part}: its cues are {string.Join("; ", cues)}";

        var text = string.Join(' ', cues.Select(cue => cue.Text));
        var wrong = part.IsHeard ? WrongWith(job.Id, text) : WrongWith(part, text);
        return wrong is null ? null : $"{part}: {wrong}; its captions are: {text}";
    }

    private static string? WrongWith(Part part, string text)
    {
        var said = Cast.VideosOf(part.Account).ElementAt(part.Video).Select(sentence => SampleSpeech.Sentences[sentence].Text);
        var errors = WordErrorRate.Of(text, string.Join(' ', said));
        return errors <= WordErrors ? null : $"{errors:P0} of its words are wrong";
    }

    /// <summary>The words name the chunks that they were heard in: each chunk is there once, where it belongs, and was heard no more often than it had to be.</summary>
    private string? WrongWith(Guid jobId, string text)
    {
        var words = HeardWord().Matches(text).Select(word => (Chunk: word.Groups[1].Value, Number: int.Parse(word.Groups[2].ValueSpan, null))).ToList();
        var chunks = words.Select(word => word.Chunk).Where((chunk, i) => i == 0 || words[i - 1].Chunk != chunk).ToList();
        var tasks = stepsOf[jobId].Where(step => step.Kind == "transcribe").GroupBy(step => step.Ordinal).OrderBy(task => task.Key).ToList();
        if (chunks.Count != tasks.Count || chunks.Distinct().Count() != chunks.Count)
            return $"the words of {chunks.Count} chunks are there, of {tasks.Count}";
        if (words.Zip(words.Skip(1)).Any(pair => pair.First.Chunk == pair.Second.Chunk && pair.First.Number >= pair.Second.Number))
            return "words stand before those that were said before them";
        return chunks.Zip(tasks).Select(pair => WrongWith(pair.First, [.. pair.Second])).FirstOrDefault(wrong => wrong is not null);
    }

    private string? WrongWith(string chunk, List<TaskStep> steps)
    {
        var hearings = speech.Hearings.Where(hearing => hearing.Chunk == chunk).ToList();
        if (hearings.Any(hearing => (hearing.Length - steps[0].Length).Duration() > Rounding))
            return $"chunk {steps[0].Ordinal} has {steps[0].Length}, and in its place are words of {hearings[0].Length}";
        var claims = steps.Count(step => step.IsClaim);
        if (hearings.Count > claims * Stage.RequestsPerAttempt)
            return $"chunk {steps[0].Ordinal} was claimed {claims} times and recognised {hearings.Count} times";

        // Only who was given up and does not know yet.
        return steps.Find(step => step.IsAcceptance) is { } accepted && hearings.Any(hearing => hearing.At > accepted.At) && !steps.Exists(step => step.IsLoss)
            ? $"chunk {steps[0].Ordinal} was recognised again after its result was accepted"
            : null;
    }

    private void CheckSteps(IReadOnlyList<TaskStep> steps)
    {
        foreach (var step in steps)
            Find(step.JobId, step.Fault is { } fault ? $"{fault}: {step}" : null);
        foreach (var twice in steps.Where(step => step.IsAcceptance).GroupBy(step => step.TaskId).Where(task => task.Count() > 1))
            Find(twice.First().JobId, $"a task was accepted {twice.Count()} times");
    }

    private async Task CheckTables(CancellationToken cancellationToken)
    {
        foreach (var (what, sql, expected) in new (string, string, long)[]
        {
            ("jobs", "select count(*) from caption_job", record.Jobs.Count),
            ("open holds", "select count(*) from credit_hold where state = 'open'", 0),
            ("tasks not ended", "select count(*) from task where state in ('queued', 'claimed')", 0),
        })
        {
            if (await Count(sql, cancellationToken) is var count && count != expected)
                found.Add($"{what}: {count} and not {expected}");
        }
    }

    /// <summary>With what the database saw of the job, to find out why.</summary>
    private void Find(Guid jobId, string? wrong)
    {
        if (wrong is not null)
            found.Add($"{wrong}\n    {string.Join("\n    ", stepsOf[jobId])}");
    }

    private async Task<long> Count(string sql, CancellationToken cancellationToken) => (await Book.Query<long>(stage.First, sql, cancellationToken)).Single();

    [GeneratedRegex(@"\bx([0-9a-f]{8})w(\d+)\b")]
    private static partial Regex HeardWord();
}
