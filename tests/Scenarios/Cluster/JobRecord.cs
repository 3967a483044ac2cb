using System.Collections.Concurrent;
using AX2Caption.Testing.Service;

namespace AX2Caption.Scenarios.Cluster;

/// <summary>What the customers were answered, and so what has to have become of each part.</summary>
internal sealed class JobRecord
{
    private readonly ConcurrentDictionary<Part, Guid> accepted = new();
    private readonly ConcurrentDictionary<Part, string> refused = new();
    private readonly ConcurrentDictionary<Part, string> canceled = new();
    private readonly ConcurrentQueue<string> complaints = new();

    /// <summary>Answers that never may be given.</summary>
    public IReadOnlyList<string> Complaints => [.. complaints];

    /// <summary>The jobs there have to be.</summary>
    public IReadOnlyList<(Part Part, Guid JobId)> Jobs => [.. accepted.Select(one => (one.Key, one.Value)).OrderBy(one => one.Key.Number)];

    /// <summary>Null if it was refused, rightly or not.</summary>
    public Guid? JobId(Part part) => accepted.TryGetValue(part, out var jobId) ? jobId : null;

    public void Accepted(Part part, ClientJob job)
    {
        if (accepted.GetOrAdd(part, job.Id) is var before && before != job.Id)
            Complain($"{part} was accepted as {before} and as {job.Id}");
        if (job.Price != part.Price)
            Complain($"{part} was accepted for {job.Price} credits");
        if (refused.ContainsKey(part) || part.Language == Cast.TooDear)
            Complain($"{part} was accepted, although there are not enough credits for it");
    }

    public void Refused(Part part, ClientProblem problem)
    {
        refused[part] = problem.Code;
        if (problem.Code != "insufficient_credits" || part.Language != Cast.TooDear)
            Complain($"{part} was refused with {problem.Status} {problem.Code}: {problem.Detail}");
    }

    public void Canceled(Part part, string state)
    {
        canceled[part] = state;
        if (state != "canceled")
            Complain($"{part} was canceled and is {state}");
    }

    public void CanceledTooLate(Part part) => canceled[part] = "too late";

    public void Complain(string complaint) => complaints.Enqueue(complaint);

    /// <summary>What is wrong with a job's end; null if it is as it must be.</summary>
    public string? Disagreement(Part part, ClientJob job)
    {
        var expected = canceled.GetValueOrDefault(part) == "canceled" ? "canceled" : part.Language == Cast.Refused ? "failed/engine_refused" : "succeeded";
        var found = job.Failure is { } failure ? $"{job.State}/{failure.Code}" : job.State;
        return found == expected ? null : $"{part} ({job.Id}) is {found} and not {expected}; canceled: {canceled.GetValueOrDefault(part, "never")}";
    }

    public override string ToString() =>
        $"{accepted.Count} accepted, {refused.Count} refused, {canceled.Values.Count(so => so == "canceled")} canceled, "
        + $"{canceled.Values.Count(so => so != "canceled")} canceled too late";
}
