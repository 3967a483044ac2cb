using System.Net.Http.Json;
using System.Security.Cryptography;
using AX2Caption.Testing;
using AX2Caption.Testing.Audit;
using AX2Caption.Testing.S3;
using AX2Caption.Testing.Service;

namespace AX2Caption.Scenarios.Storage;

/// <summary>The whole service with its objects in a bucket of a real S3 server.</summary>
public sealed class WorkingOnS3(PostgresFixture postgres) : Scenario(postgres)
{
    private const int PartBytes = 5 << 20;

    private S3Server? server;
    private TestBucket? bucket;

    protected override CaptionServiceSettings Settings
    {
        get
        {
            var storage = bucket!.Settings();
            storage["Storage__S3__PartBytes"] = $"{PartBytes}";
            return base.Settings with
            {
                Silo = new Dictionary<string, string>(base.Settings.Silo.Concat(storage)) { ["Uploads__WriterLease"] = "00:00:02" },
                Api = storage,
            };
        }
    }

    public override async ValueTask InitializeAsync()
    {
        server = await S3Server.Start(Ct);
        bucket = await server.CreateBucket(Ct);
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        if (server is not null)
            await server.DisposeAsync();
    }

    [Fact]
    public async Task A_video_comes_in_pieces_is_captioned_handed_out_and_deleted()
    {
        var bytes = await Sample(length: 0);
        using var client = await NewGuest();
        var id = await client.Begin(bytes.Length, "sample.mp4", Ct);
        var half = await client.Append(id, 0, bytes[..(bytes.Length / 2)], Ct);
        await Service.KillApi();
        await Service.StartApi(Ct);
        Assert.Equal(half, await client.Offset(id, Ct));
        await client.Append(id, half, bytes[(int)half..], Ct);

        Assert.Equal("ready", (await client.WaitForProbe(id, Ct)).State);
        var job = await client.WaitForEnd((await client.Submit(id, cancellationToken: Ct)).Id, Ct);
        Assert.Equal("succeeded", job.State);
        Assert.NotEmpty(Srt.Parse(await client.Captions(job.Id, "srt", Ct)));
        Assert.Equal(bytes, await Redirected(client, $"/v1/videos/{id}/content", "video/mp4"));
        Assert.Equal([0xff, 0xd8], (await Redirected(client, $"/v1/videos/{id}/thumbnail", "image/jpeg"))[..2]);

        using (var deleted = await client.Send(new HttpRequestMessage(HttpMethod.Delete, $"/v1/videos/{id}"), Ct))
            Assert.Equal(204, (int)deleted.StatusCode);
        await IsEmpty();
        await BookIsInOrder();
    }

    [Fact]
    public async Task A_piece_that_the_Apis_death_breaks_off_is_resumed_in_the_middle_of_a_part()
    {
        var bytes = await Sample((3 * PartBytes) + 12_345);
        using var client = await NewGuest();
        var id = await client.Begin(bytes.Length, "sample.mp4", Ct);
        await using (var body = new GatedStream(bytes, (2 * PartBytes) + 1000, Task.Delay(Timeout.Infinite, Ct)))
        {
            using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(Ct);
            var piece = client.Send(Tus.Patch(id, 0, new StreamContent(body)), hangUp.Token);
            await Polling.Until(async () => await client.Offset(id, Ct) >= PartBytes, Ct);
            await Service.KillApi();
            await hangUp.CancelAsync();
            await Assert.ThrowsAnyAsync<Exception>(() => piece);
        }

        await Service.StartApi(Ct);
        var offset = await client.Offset(id, Ct);
        Assert.Contains(offset, new long[] { PartBytes, 2 * PartBytes });
        // Free when the dead Api's lease is over.
        await Polling.Until(async () =>
        {
            using var nothing = await client.Send(Tus.Patch(id, offset, []), Ct);
            return nothing.IsSuccessStatusCode;
        }, Ct);
        await client.Append(id, offset, bytes[(int)offset..((int)offset + 777)], Ct);
        await client.Append(id, offset + 777, bytes[((int)offset + 777)..], Ct);

        await client.WaitForProbe(id, Ct);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), await KnownHash(id));
        await BookIsInOrder();
    }

    [Fact]
    public async Task A_client_sends_a_video_straight_to_the_bucket()
    {
        var bytes = await Sample((2 * PartBytes) + 54_321);
        using var client = await NewGuest();
        var plan = await Post<DirectPlan>(client, "/v1/direct-uploads", new { fileName = "강의.mp4", bytes = bytes.Length });
        Assert.Equal((PartBytes, 3), (plan.PartBytes, plan.PartCount));
        var addresses = await Post<Addresses>(client, $"/v1/direct-uploads/{plan.Id}/part-addresses", new { numbers = new[] { 1, 2, 3 } });
        using var store = new HttpClient();
        var sent = new List<object>();
        foreach (var part in addresses.Parts.Take(2))
            sent.Add(new { number = part.Number, eTag = await Put(store, part, bytes) });

        using (var tooEarly = await client.Send(CaptionClient.PostRequest($"/v1/direct-uploads/{plan.Id}/complete", new { parts = sent }), Ct))
        {
            var problem = await CaptionClient.Problem(tooEarly, Ct);
            Assert.Equal("upload_parts_wrong", problem.Code);
            Assert.Equal([3], problem.Members["numbers"].EnumerateArray().Select(number => number.GetInt32()));
        }

        sent.Add(new { number = 3, eTag = await Put(store, addresses.Parts[2], bytes) });
        foreach (var _ in Enumerable.Range(0, 2))
            await Post<DirectPlan>(client, $"/v1/direct-uploads/{plan.Id}/complete", new { parts = sent });

        var video = await client.WaitForProbe(plan.Id, Ct);
        Assert.Equal(("ready", "강의.mp4", (long?)bytes.Length), (video.State, video.FileName, video.Bytes));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), await KnownHash(plan.Id));
        await BookIsInOrder();
    }

    [Fact]
    public async Task A_direct_upload_that_is_given_up_leaves_nothing()
    {
        var bytes = await Sample(PartBytes + 1);
        using var client = await NewGuest();
        using var stranger = await NewGuest();
        var plan = await Post<DirectPlan>(client, "/v1/direct-uploads", new { fileName = "a.mp4", bytes = bytes.Length });
        var addresses = await Post<Addresses>(client, $"/v1/direct-uploads/{plan.Id}/part-addresses", new { numbers = new[] { 1 } });
        using var store = new HttpClient();
        await Put(store, addresses.Parts[0], bytes);
        foreach (var (path, body) in new (string, object)[]
        {
            ("part-addresses", new { numbers = new[] { 1 } }),
            ("complete", new { parts = Array.Empty<object>() }),
        })
        {
            using var refused = await stranger.Send(CaptionClient.PostRequest($"/v1/direct-uploads/{plan.Id}/{path}", body), Ct);
            Assert.Equal("upload_not_found", (await CaptionClient.Problem(refused, Ct)).Code);
        }

        using (var beyond = await client.Send(
            CaptionClient.PostRequest($"/v1/direct-uploads/{plan.Id}/part-addresses", new { numbers = new[] { 3 } }), Ct))
            Assert.Equal("upload_parts_wrong", (await CaptionClient.Problem(beyond, Ct)).Code);

        using (var ended = await client.Send(Tus.Delete(plan.Id), Ct))
            Assert.Equal(204, (int)ended.StatusCode);

        await IsEmpty();
        Assert.Empty((await client.Videos(cancellationToken: Ct)).Items);
        using var late = await store.PutAsync(addresses.Parts[0].Target, new ByteArrayContent(bytes[..PartBytes]), Ct);
        Assert.Equal(404, (int)late.StatusCode);
    }

    private async Task<CaptionClient> NewGuest()
    {
        var client = Service.CreateClient();
        await client.BecomeGuest(Ct);
        return client;
    }

    /// <summary>The sample, with zeros behind it up to a length.</summary>
    private async Task<byte[]> Sample(int length)
    {
        var path = NewPath($"{Guid.CreateVersion7()}.mp4");
        await SampleSpeech.WriteVideo(path, cancellationToken: Ct);
        var bytes = await File.ReadAllBytesAsync(path, Ct);
        if (length > 0)
            Array.Resize(ref bytes, length);
        return bytes;
    }

    private async Task<byte[]> Redirected(CaptionClient client, string path, string mediaType)
    {
        // HttpClient follows; what it was sent to is the store, which says what we told it to.
        using var response = await client.Send(new HttpRequestMessage(HttpMethod.Get, path), Ct);
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(bucket!.Endpoint.Authority, response.RequestMessage!.RequestUri!.Authority);
        Assert.Equal(mediaType, response.Content.Headers.ContentType!.MediaType);
        return await response.Content.ReadAsByteArrayAsync(Ct);
    }

    private async Task<string> KnownHash(Guid videoId) =>
        (await Book.Query<string>(Service, $"select encode(sha256, 'hex') from video where video_id = '{videoId}'", Ct)).Single();

    private async Task IsEmpty()
    {
        using var s3 = S3Server.Client(bucket!);
        await Polling.Until(async () =>
        {
            var objects = await s3.ListObjectsV2Async(new() { BucketName = bucket!.Name }, Ct);
            var uploads = await s3.ListMultipartUploadsAsync(new Amazon.S3.Model.ListMultipartUploadsRequest { BucketName = bucket.Name }, Ct);
            return (objects.S3Objects ?? []).Count == 0 && (uploads.MultipartUploads ?? []).Count == 0;
        }, Ct);
    }

    private static async Task<string> Put(HttpClient store, Address part, byte[] bytes)
    {
        var start = (part.Number - 1) * PartBytes;
        using var response = await store.PutAsync(part.Target, new ByteArrayContent(bytes[start..Math.Min(bytes.Length, start + PartBytes)]), Ct);
        response.EnsureSuccessStatusCode();
        return response.Headers.ETag!.Tag;
    }

    private static async Task<T> Post<T>(CaptionClient client, string path, object body)
    {
        using var response = await client.Send(CaptionClient.PostRequest(path, body), Ct);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Ct));
        return (await response.Content.ReadFromJsonAsync<T>(Ct))!;
    }

    private sealed record DirectPlan(Guid Id, long PartBytes, int PartCount);

    private sealed record Addresses(IReadOnlyList<Address> Parts);

    private sealed record Address(int Number, [property: System.Text.Json.Serialization.JsonPropertyName("address")] Uri Target);
}
