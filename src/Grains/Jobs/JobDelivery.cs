using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Storage;
using Microsoft.Extensions.Logging;

namespace AX2Caption.Grains.Jobs;

/// <summary>
/// Delivers what an ended job still owes: its credit operation first, then the deletion of its working files. What fails
/// stays owed in the row; the job's reminder and the sweep come back to it.
/// </summary>
internal sealed partial class JobDelivery(JobWriter writer, JobStore store, JobHold hold, IObjectStore objects, ILogger<JobDelivery> logger)
{
    /// <summary>A job's files are few. Whoever waits for its end, or asks for it, is not kept waiting for longer by a store that does not answer.</summary>
    private static readonly TimeSpan DeletionTime = TimeSpan.FromSeconds(5);

    public async Task Deliver(CaptionJob job)
    {
        var delivered = new List<Func<CaptionJob, CaptionJob?>>();
        try
        {
            if (job.OwesCredit)
            {
                delivered.Add(await EndHold(job));
            }

            if (job.HasWorkFiles)
            {
                await DeleteWorkFiles(job);
                delivered.Add(before => before.WorkFilesDeleted());
            }
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // Whatever it was, the end state is committed and its caller must hear so.
            LogOwed(fault, job.JobId);
        }

        if (delivered.Count > 0)
        {
            await TryNote(job.JobId, delivered);
        }
    }

    /// <summary>Deletes all that is stored of a job.</summary>
    public async Task DeleteFiles(Guid jobId)
    {
        await objects.DeleteAll(JobKeys.Prefix(jobId), CancellationToken.None);
        await writer.ForgetFiles(jobId);
    }

    private async Task TryNote(Guid jobId, IReadOnlyList<Func<CaptionJob, CaptionJob?>> delivered)
    {
        try
        {
            await writer.Change(jobId, before =>
            {
                var after = before;
                foreach (var step in delivered)
                {
                    after = step(after) ?? after;
                }

                return after == before ? null : after;
            });
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            LogOwed(fault, jobId);
        }
    }

    /// <returns>What that means for the job.</returns>
    private async Task<Func<CaptionJob, CaptionJob?>> EndHold(CaptionJob job)
    {
        var result = await hold.End(job);
        switch (result)
        {
            case CreditResult.Applied:
                return before => before.CreditDelivered();
            case CreditResult.AccountMoved when await store.Load(job.JobId) is { } moved && moved.AccountId != job.AccountId:
                return await EndHold(moved);
            case CreditResult.Busy or CreditResult.AccountMoved:
                throw new ServiceUnavailableException($"The ledger took no operation: {result}.");
            default:
                LogLapsed(job.JobId, job.Credit, result);
                return before => before.CreditLapsed();
        }
    }

    /// <summary>All but the output that the job names: a lost attempt at composing leaves files beside it.</summary>
    private async Task DeleteWorkFiles(CaptionJob job)
    {
        using var limit = new CancellationTokenSource(DeletionTime);
        await foreach (var file in objects.List(JobKeys.Prefix(job.JobId), limit.Token))
        {
            if (job.OutputPrefix is null || !file.Key.StartsWith(job.OutputPrefix, StringComparison.Ordinal))
            {
                await objects.Delete(file.Key, limit.Token);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Job {JobId} could not deliver all that it owes; it will be tried again.")]
    private partial void LogOwed(Exception fault, Guid jobId);

    [LoggerMessage(LogLevel.Error, "Job {JobId}: {Credit} was refused by the ledger: {Result}.")]
    private partial void LogLapsed(Guid jobId, JobCredit credit, CreditResult result);
}
