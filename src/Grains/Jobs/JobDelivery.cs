using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Storage;
using Microsoft.Extensions.Logging;

namespace AX2Caption.Grains.Jobs;

/// <summary>
/// Delivers what an ended job still owes: its credit operation first, then the deletion of its working files. What fails
/// stays owed in the row; the job's reminder and the sweep come back to it.
/// </summary>
internal sealed partial class JobDelivery(JobStore store, JobHold hold, IObjectStore objects, ILogger<JobDelivery> logger)
{
    public async Task Deliver(CaptionJob job)
    {
        try
        {
            if (job.OwesCredit)
            {
                await DeliverCredit(job);
            }

            if (job.HasWorkFiles)
            {
                await DeleteWorkFiles(job);
            }
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // Whatever it was, the end state is committed and its caller must hear so.
            LogOwed(fault, job.JobId);
        }
    }

    /// <summary>Deletes all that is stored of a job.</summary>
    public async Task DeleteFiles(Guid jobId)
    {
        await foreach (var file in objects.List(JobKeys.Prefix(jobId), CancellationToken.None))
        {
            await objects.Delete(file.Key, CancellationToken.None);
        }

        await store.ForgetFiles(jobId);
    }

    private async Task DeliverCredit(CaptionJob job)
    {
        var result = await hold.End(job);
        switch (result)
        {
            case CreditResult.Applied:
                await store.Change(job.JobId, before => before.CreditDelivered());
                break;
            case CreditResult.AccountMoved when await store.Load(job.JobId) is { } moved && moved.AccountId != job.AccountId:
                await DeliverCredit(moved);
                break;
            case CreditResult.Busy or CreditResult.AccountMoved:
                throw new ServiceUnavailableException($"The ledger took no operation: {result}.");
            default:
                LogLapsed(job.JobId, job.Credit, result);
                await store.Change(job.JobId, before => before.CreditLapsed());
                break;
        }
    }

    /// <summary>All but the output that the job names: a lost attempt at composing leaves files beside it.</summary>
    private async Task DeleteWorkFiles(CaptionJob job)
    {
        await foreach (var file in objects.List(JobKeys.Prefix(job.JobId), CancellationToken.None))
        {
            if (job.OutputPrefix is null || !file.Key.StartsWith(job.OutputPrefix, StringComparison.Ordinal))
            {
                await objects.Delete(file.Key, CancellationToken.None);
            }
        }

        await store.Change(job.JobId, before => before.WorkFilesDeleted());
    }

    [LoggerMessage(LogLevel.Warning, "Job {JobId} could not deliver all that it owes; it will be tried again.")]
    private partial void LogOwed(Exception fault, Guid jobId);

    [LoggerMessage(LogLevel.Error, "Job {JobId}: {Credit} was refused by the ledger: {Result}.")]
    private partial void LogLapsed(Guid jobId, JobCredit credit, CreditResult result);
}
