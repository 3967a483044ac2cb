namespace AX2Caption.Grains.Abstractions.Jobs;

/// <summary>A job, or that the account has none of that id.</summary>
[GenerateSerializer, Immutable, Alias("ax2.JobResult")]
public abstract record JobResult
{
    private JobResult()
    {
    }

    /// <summary>Here it is.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.JobResult.Found")]
    public sealed record Found([property: Id(0)] JobSnapshot Job) : JobResult;

    /// <summary>The account has no such job.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.JobResult.NotFound")]
    public sealed record NotFound : JobResult;
}

/// <summary>What became of the wish to cancel.</summary>
[GenerateSerializer, Immutable, Alias("ax2.CancelJobResult")]
public abstract record CancelJobResult
{
    private CancelJobResult()
    {
    }

    /// <summary>The job is canceled, now or since before.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.CancelJobResult.Canceled")]
    public sealed record Canceled([property: Id(0)] JobSnapshot Job) : CancelJobResult;

    /// <summary>It had already succeeded or failed.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.CancelJobResult.AlreadyEnded")]
    public sealed record AlreadyEnded([property: Id(0)] JobSnapshot Job) : CancelJobResult;

    /// <summary>The account has no such job.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.CancelJobResult.NotFound")]
    public sealed record NotFound : CancelJobResult;
}

/// <summary>What became of the wish to queue a job's tasks anew.</summary>
[GenerateSerializer, Immutable, Alias("ax2.RequeueJobResult")]
public abstract record RequeueJobResult
{
    private RequeueJobResult()
    {
    }

    /// <summary>So many of its tasks are to be done from their first attempt on; none if none waited or was at work.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.RequeueJobResult.Requeued")]
    public sealed record Requeued([property: Id(0)] int Tasks) : RequeueJobResult;

    /// <summary>It has ended: it has no tasks to be done.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.RequeueJobResult.AlreadyEnded")]
    public sealed record AlreadyEnded([property: Id(0)] JobSnapshot Job) : RequeueJobResult;

    /// <summary>There is no such job.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.RequeueJobResult.NotFound")]
    public sealed record NotFound : RequeueJobResult;
}
