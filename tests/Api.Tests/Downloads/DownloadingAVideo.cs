using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Downloads;

/// <summary>A video as its owner gets it back.</summary>
public sealed class DownloadingAVideo(ServiceFixture fixture, GuestWithVideo owner) : IClassFixture<GuestWithVideo>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Path => $"/v1/videos/{owner.Video.Id}/content";

    [Fact]
    public async Task Gives_the_bytes_that_were_uploaded_for_the_owners_eyes()
    {
        var bytes = await File.ReadAllBytesAsync(fixture.Speech, Cancellation);

        using var response = await owner.Client.Send(new HttpRequestMessage(HttpMethod.Get, Path), Cancellation);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(bytes, await response.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Equal("video/mp4", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("attachment; filename=speech.mp4; filename*=UTF-8''speech.mp4", response.Content.Headers.ContentDisposition!.ToString());
        Assert.Equal($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))}\"", response.Headers.ETag!.ToString());
        Assert.Equal("no-cache, private", string.Join(", ", response.Headers.GetValues("Cache-Control")));
        Assert.Equal("bytes", Assert.Single(response.Headers.AcceptRanges));
        Assert.NotNull(response.Content.Headers.LastModified);
    }

    [Theory]
    [InlineData("bytes=0-9", 0, 10)]
    [InlineData("bytes=100000-100999", 100_000, 1000)]
    [InlineData("bytes=-7", -7, 7)]
    public async Task Gives_a_range(string range, int from, int count)
    {
        var bytes = await File.ReadAllBytesAsync(fixture.Speech, Cancellation);
        var start = from < 0 ? bytes.Length + from : from;

        using var response = await owner.Client.Send(new HttpRequestMessage(HttpMethod.Get, Path).With("Range", range), Cancellation);

        Assert.Equal(206, (int)response.StatusCode);
        Assert.Equal(bytes[start..(start + count)], await response.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Equal(new ContentRangeHeaderValue(start, start + count - 1, bytes.Length), response.Content.Headers.ContentRange);
    }

    [Fact]
    public async Task Has_no_range_behind_its_end()
    {
        using var response = await owner.Client.Send(new HttpRequestMessage(HttpMethod.Get, Path).With("Range", "bytes=99999999-"), Cancellation);

        await Task.FromResult(response).Is(ErrorTable.RangeNotSatisfiable);
        Assert.Equal($"bytes */{new FileInfo(fixture.Speech).Length}", response.Content.Headers.ContentRange!.ToString());
        Assert.Equal("no-store", string.Join(", ", response.Headers.GetValues("Cache-Control")));
        Assert.Null(response.Headers.ETag);
        Assert.Null(response.Content.Headers.ContentDisposition);
    }

    [Fact]
    public async Task Passes_over_a_range_of_another_unit()
    {
        using var response = await owner.Client.Send(new HttpRequestMessage(HttpMethod.Get, Path).With("Range", "seconds=0-9"), Cancellation);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(new FileInfo(fixture.Speech).Length, response.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task That_the_store_has_lost_is_our_fault_and_the_log_says_which()
    {
        using var guest = await fixture.NewGuest();
        var video = await guest.UploadAndProbe(fixture.Speech, Cancellation);
        var files = fixture.Objects().Where(path => path.Contains($"{video.Id}", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, files.Count);
        files.ForEach(File.Delete);
        var links = await Links(guest, video.Id);

        foreach (var path in new[] { $"/v1/videos/{video.Id}/content", $"/v1/videos/{video.Id}/thumbnail", links.Content, links.Thumbnail! })
            await guest.Send(new HttpRequestMessage(HttpMethod.Get, path), Cancellation).Is(ErrorTable.InternalError);

        var said = await Logged(video.Id);
        Assert.Equal(4, said.Count);
        Assert.All(said, line => Assert.Equal("Error", line.GetProperty("@l").GetString()));
        Assert.Equal(
            [$"videos/{video.Id}/source", $"videos/{video.Id}/thumbnail.jpg"],
            said.Select(line => line.GetProperty("ObjectKey").GetString()).Distinct().Order(StringComparer.Ordinal));

        // Nothing is left of it that the store and the tables would disagree about.
        using (var deleted = await guest.Send(new HttpRequestMessage(HttpMethod.Delete, $"/v1/videos/{video.Id}"), Cancellation))
            Assert.Equal(204, (int)deleted.StatusCode);
        await guest.Send(new HttpRequestMessage(HttpMethod.Get, links.Content), Cancellation).Is(ErrorTable.VideoNotFound);
    }

    [Fact]
    public async Task That_was_rejected_is_refused_with_the_reason()
    {
        using var guest = await fixture.NewGuest();
        var video = await guest.UploadAndProbe(fixture.WithoutAudio, Cancellation);
        Assert.Equal("rejected", video.State);

        foreach (var file in new[] { "content", "thumbnail", "links" })
        {
            var problem = await guest.Send(new HttpRequestMessage(HttpMethod.Get, $"/v1/videos/{video.Id}/{file}"), Cancellation).Is(ErrorTable.VideoRejected);

            Assert.Equal(video.Rejection!.Code, problem.Members["rejection"].GetProperty("code").GetString());
            Assert.Equal(video.Rejection.Message, problem.Members["rejection"].GetProperty("message").GetString());
        }
    }

    [Fact]
    public async Task Is_not_sent_again_to_who_has_it()
    {
        using var first = await owner.Client.Send(new HttpRequestMessage(HttpMethod.Head, Path), Cancellation);
        Assert.Equal((200, new FileInfo(fixture.Speech).Length), ((int)first.StatusCode, first.Content.Headers.ContentLength));

        using var again = await owner.Client.Send(
            new HttpRequestMessage(HttpMethod.Get, Path).With("If-None-Match", first.Headers.ETag!.ToString()), Cancellation);

        Assert.Equal(304, (int)again.StatusCode);
    }

    [Fact]
    public async Task Is_not_there_before_it_is_ready()
    {
        using var guest = await fixture.NewGuest();
        var id = await guest.Begin(100, cancellationToken: Cancellation);

        var problem = await guest.Send(new HttpRequestMessage(HttpMethod.Get, $"/v1/videos/{id}/content"), Cancellation).Is(ErrorTable.VideoNotReady);

        Assert.Equal("uploading", problem.Members["state"].GetString());
    }

    [Fact]
    public async Task By_a_signed_link_is_for_whoever_has_it_and_for_caches()
    {
        var links = await Links();
        using var anybody = fixture.Service.CreateClient();

        using var response = await anybody.Send(new HttpRequestMessage(HttpMethod.Get, links.Content).With("Range", "bytes=0-3"), Cancellation);

        Assert.Equal(206, (int)response.StatusCode);
        Assert.Equal("public, max-age=300", string.Join(", ", response.Headers.GetValues("Cache-Control")));
        Assert.Equal("cross-origin", response.Header("Cross-Origin-Resource-Policy"));
        Assert.Equal(4, (await response.Content.ReadAsByteArrayAsync(Cancellation)).Length);
    }

    [Fact]
    public async Task By_a_link_that_was_changed_is_refused()
    {
        var links = await Links();
        using var anybody = fixture.Service.CreateClient();
        var other = (await owner.Client.UploadAndProbe(fixture.Speech, Cancellation)).Id;
        var expires = links.ExpiresAt.ToUnixTimeSeconds();

        foreach (var forged in new[]
        {
            links.Content.Replace($"expires={expires}", $"expires={expires + 1}", StringComparison.Ordinal),
            links.Content.Replace($"{owner.Video.Id}", $"{other}", StringComparison.Ordinal),
            links.Content.Replace("/content?", "/thumbnail?", StringComparison.Ordinal),
            links.Content[..^4] + "AAAA",
            links.Content[..^1],
        })
            await anybody.Send(new HttpRequestMessage(HttpMethod.Get, forged), Cancellation).Is(ErrorTable.LinkInvalid);
        await anybody.Send(new HttpRequestMessage(HttpMethod.Get, links.Content.Split('?')[0]), Cancellation).Is(ErrorTable.InvalidRequest);
    }

    private Task<ClientLinks> Links() => Links(owner.Client, owner.Video.Id);

    private static async Task<ClientLinks> Links(CaptionClient client, Guid videoId)
    {
        using var response = await client.Send(new HttpRequestMessage(HttpMethod.Get, $"/v1/videos/{videoId}/links"), Cancellation);
        return JsonSerializer.Deserialize<ClientLinks>(
            await response.Content.ReadAsStringAsync(Cancellation), JsonSerializerOptions.Web)!;
    }

    /// <summary>What the Api's log says of objects of a video that are missing.</summary>
    private async Task<List<JsonElement>> Logged(Guid videoId)
    {
        var lines = new List<JsonElement>();
        foreach (var path in Directory.EnumerateFiles(fixture.Service.LogFolder, "api-*.jsonl"))
        {
            using var log = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            while (await log.ReadLineAsync(Cancellation) is { } line)
            {
                if (line.Contains("is missing in the store; run storage verify", StringComparison.Ordinal))
                    lines.Add(JsonElement.Parse(line));
            }
        }

        return [.. lines.Where(line => line.GetProperty("VideoId").GetGuid() == videoId)];
    }

    private sealed record ClientLinks(string Content, string? Thumbnail, DateTimeOffset ExpiresAt);
}
