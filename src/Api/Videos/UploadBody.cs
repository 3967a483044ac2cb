using AX2Caption.Api.Errors;
using AX2Caption.Api.Requests;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace AX2Caption.Api.Videos;

/// <summary>Finds the file in a <c>multipart/form-data</c> body (RFC 7578), without reading the file.</summary>
internal static class UploadBody
{
    /// <summary>The name of the field that carries the file.</summary>
    public const string Field = "file";

    /// <summary>What a body may have on top of its file, in bytes.</summary>
    public const int Overhead = 64 * 1024;

    /// <summary>How much is looked through at once for the end of the file.</summary>
    private const int BufferLength = 64 * 1024;

    private const int MaximumBoundary = 70;
    private const int MaximumParts = 16;

    /// <summary>Marks the endpoint whose body this is, for the OpenAPI document.</summary>
    public static readonly object Schema = new UploadBodySchema(Field);

    /// <exception cref="RefusedException">There is no file to be had from this body.</exception>
    public static async Task<UploadedFile> Open(HttpRequest request, long maximumBytes, CancellationToken cancellationToken)
    {
        if (request.ContentLength > maximumBytes + Overhead)
            throw UploadStream.TooLarge(maximumBytes);

        var body = new UploadStream(request.Body, maximumBytes + Overhead, maximumBytes);
        var reader = new MultipartReader(Boundary(request), body, BufferLength) { HeadersCountLimit = 16, HeadersLengthLimit = 16 * 1024 };
        for (var part = 0; part < MaximumParts; part++)
        {
            if (await Next(reader, cancellationToken) is not { } section)
                break;
            if (section.GetContentDispositionHeader() is { } disposition && disposition.IsFileDisposition() && NameOf(disposition) == Field)
            {
                var name = FileNames.ForDisplay(section.AsFileSection()!.FileName);
                return new UploadedFile(
                    name, limit => new UploadStream(section.Body, Math.Min(limit, maximumBytes), Math.Min(limit, maximumBytes)));
            }
        }

        throw new RefusedException(ErrorTable.FileMissing.Because($"Send the video in the field '{Field}', with a file name."));
    }

    private static async Task<MultipartSection?> Next(MultipartReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadNextSectionAsync(cancellationToken);
        }
        catch (Exception exception) when (BrokenBody.Caused(exception))
        {
            throw UploadStream.Incomplete(exception);
        }
    }

    private static string Boundary(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || type.MediaType != "multipart/form-data")
            throw new RefusedException(ErrorTable.UnsupportedContentType.Because("Send the video as multipart/form-data."));

        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary);
        return boundary.Length is > 0 and <= MaximumBoundary
            ? boundary.ToString()
            : throw new RefusedException(ErrorTable.InvalidRequest.Because("The Content-Type has no usable boundary."));
    }

    private static string NameOf(ContentDispositionHeaderValue disposition) => HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
}

/// <summary>The body of an upload, as the OpenAPI document describes it.</summary>
/// <param name="Field">The field that carries the file.</param>
internal sealed record UploadBodySchema(string Field);
