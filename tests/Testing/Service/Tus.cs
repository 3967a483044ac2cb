using System.Net.Http.Headers;
using System.Text;

namespace AX2Caption.Testing.Service;

/// <summary>Requests of the tus protocol, version 1.0.0, and what answers to them say.</summary>
public static class Tus
{
    /// <summary>Announces an upload.</summary>
    public static HttpRequestMessage Create(long length, string? fileName = null)
    {
        var request = Request(HttpMethod.Post, "/v1/uploads");
        request.Headers.Add("Upload-Length", $"{length}");
        if (fileName is not null)
            request.Headers.Add("Upload-Metadata", $"filename {Convert.ToBase64String(Encoding.UTF8.GetBytes(fileName))}");
        return request;
    }

    /// <summary>Asks where an upload stands.</summary>
    public static HttpRequestMessage Head(Guid id) => Request(HttpMethod.Head, $"/v1/uploads/{id}");

    /// <summary>Sends a piece.</summary>
    public static HttpRequestMessage Patch(Guid id, long offset, HttpContent content)
    {
        var request = Request(HttpMethod.Patch, $"/v1/uploads/{id}");
        request.Headers.Add("Upload-Offset", $"{offset}");
        return request.With(content);
    }

    /// <summary>Sends a piece.</summary>
    public static HttpRequestMessage Patch(Guid id, long offset, byte[] bytes) => Patch(id, offset, new ByteArrayContent(bytes));

    /// <summary>Ends an upload.</summary>
    public static HttpRequestMessage Delete(Guid id) => Request(HttpMethod.Delete, $"/v1/uploads/{id}");

    /// <summary>Gives a request a body that is a piece.</summary>
    public static HttpRequestMessage With(this HttpRequestMessage request, HttpContent content)
    {
        content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        request.Content = content;
        return request;
    }

    /// <summary>Gives a request a header.</summary>
    public static HttpRequestMessage With(this HttpRequestMessage request, string header, string value)
    {
        request.Headers.Remove(header);
        request.Headers.TryAddWithoutValidation(header, value);
        return request;
    }

    /// <summary>Begins an upload.</summary>
    /// <returns>Its id.</returns>
    public static async Task<Guid> Begin(this CaptionClient client, long length, string? fileName = null, CancellationToken cancellationToken = default)
    {
        using var response = await client.Send(Create(length, fileName), cancellationToken);
        return (int)response.StatusCode == 201
            ? response.UploadId()
            : throw new ApiException(await CaptionClient.Problem(response, cancellationToken));
    }

    /// <summary>Where an upload stands.</summary>
    public static async Task<long> Offset(this CaptionClient client, Guid id, CancellationToken cancellationToken = default)
    {
        using var response = await client.Send(Head(id), cancellationToken);
        response.EnsureSuccessStatusCode();
        return response.UploadOffset();
    }

    /// <summary>Sends a piece.</summary>
    /// <returns>Where the upload stands after it.</returns>
    public static async Task<long> Append(
        this CaptionClient client, Guid id, long offset, byte[] bytes, CancellationToken cancellationToken = default)
    {
        using var response = await client.Send(Patch(id, offset, bytes), cancellationToken);
        return (int)response.StatusCode == 204
            ? response.UploadOffset()
            : throw new ApiException(await CaptionClient.Problem(response, cancellationToken));
    }

    /// <summary>The id in an answer's Location.</summary>
    public static Guid UploadId(this HttpResponseMessage response) => Guid.Parse(response.Headers.Location!.OriginalString.Split('/')[^1]);

    /// <summary>The offset in an answer.</summary>
    public static long UploadOffset(this HttpResponseMessage response) => long.Parse(response.Header("Upload-Offset")!, null);

    /// <summary>A header of an answer; null if it has none.</summary>
    public static string? Header(this HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(",", values) : null;

    private static HttpRequestMessage Request(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Tus-Resumable", "1.0.0");
        return request;
    }
}
