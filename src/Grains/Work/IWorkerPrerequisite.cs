namespace AX2Caption.Grains.Work;

/// <summary>Something a worker cannot work without. A worker that lacks one refuses to start; readiness asks again.</summary>
internal interface IWorkerPrerequisite
{
    /// <summary>Throws, with a sentence that says what to do, if it is missing.</summary>
    Task Check(CancellationToken cancellationToken);
}
