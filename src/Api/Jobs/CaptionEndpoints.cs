using System.Security.Claims;
using AX2Caption.Api.Accounts;
using AX2Caption.Api.Cluster;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Validation;
using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AX2Caption.Api.Jobs;

internal static class CaptionEndpoints
{
    /// <summary>Formats by the extension of their files, and their media types.</summary>
    private static readonly Dictionary<string, string> Formats = new(StringComparer.Ordinal)
    {
        ["srt"] = "application/x-subrip; charset=utf-8",
        ["vtt"] = "text/vtt; charset=utf-8",
    };

    public static void MapCaptions(this IEndpointRouteBuilder jobs) =>
        jobs.MapGet("/{id:guid}/captions.{format}", Download)
            .Produces<string>(StatusCodes.Status200OK, "application/x-subrip", "text/vtt")
            .Refuses(ErrorTable.JobNotFound, ErrorTable.CaptionsFormatUnknown, ErrorTable.CaptionsNotReady, ErrorTable.CaptionsDeleted)
            .WithSummary("A job's captions")
            .WithDescription("The format is 'srt' (SubRip) or 'vtt' (WebVTT).");

    private static async Task<Results<FileStreamHttpResult, ErrorResult>> Download(
        Guid id,
        // For the document: a format that is none is not found, with a code of its own.
        [OneOf("srt", "vtt")] string format,
        ClaimsPrincipal caller,
        ClusterCalls cluster,
        IObjectStore store,
        CancellationToken cancellationToken)
    {
        if (!Formats.TryGetValue(format, out var mediaType))
            return ErrorTable.CaptionsFormatUnknown.Because($"Formats are: {string.Join(", ", Formats.Keys)}.");

        if (await Find() is not { } job)
            return JobErrors.NotFound;
        if (IsDeleted(job))
            return Deleted(job);
        if (job.OutputPrefix is null)
            return ErrorTable.CaptionsNotReady.Because($"The job's state is '{Job.Of(job).State}'.", ("state", Job.Of(job).State));

        try
        {
            var content = await store.OpenRead($"{job.OutputPrefix}captions.{format}", 0, null, cancellationToken);
            return TypedResults.Stream(content, mediaType, CaptionFileName.Of(id, job.DetectedLanguage ?? job.Language, format));
        }
        catch (ObjectNotFoundException)
        {
            // Deleted since the job was read, or a fault.
            if (await Find() is { } now && IsDeleted(now))
                return Deleted(now);
            throw;
        }

        async Task<JobSnapshot?> Find() => await cluster.Call(
            (grains, token) => grains.GetGrain<ICaptionJobGrain>(id).Get(caller.AccountId(), token), cancellationToken)
            is JobResult.Found { Job: var found } ? found : null;
    }

    private static bool IsDeleted(JobSnapshot job) => job is { State: JobState.Succeeded, DeletedAt: not null };

    private static ErrorResult Deleted(JobSnapshot job) =>
        ErrorTable.CaptionsDeleted.Because("They went with their video.", ("deletedAt", job.DeletedAt!));
}
