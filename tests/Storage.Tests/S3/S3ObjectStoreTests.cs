using System.Net;
using System.Net.Http.Headers;
using AX2Caption.Storage.S3;
using AX2Caption.Testing.S3;

namespace AX2Caption.Storage.Tests.S3;

/// <summary>The store on a real S3 server.</summary>
public sealed class S3ObjectStoreTests(S3Fixture fixture, SharedBucket shared) : ObjectStoreConformance, IClassFixture<SharedBucket>, IAsyncLifetime
{
    private readonly List<S3ObjectStore> stores = [];
    private readonly string prefix = $"{Guid.CreateVersion7():N}/";
    private TestBucket bucket = null!;
    private S3ObjectStore store = null!;

    protected override IObjectStore Store => store;

    protected override int Rounds => 10;

    public async ValueTask InitializeAsync()
    {
        bucket = await shared.Bucket();
        store = StoreWith(_ => { });
    }

    public ValueTask DisposeAsync()
    {
        foreach (var opened in stores)
            opened.Dispose();
        return ValueTask.CompletedTask;
    }

    protected override IObjectStore SameStore() => StoreWith(_ => { });

    [Fact]
    public async Task EveryCall_WithAWrongSecret_IsRefused()
    {
        await Put("a", "content");
        var stranger = StoreWith(options => options.SecretKey = $"{options.SecretKey[..^1]}{(options.SecretKey[^1] == 'A' ? 'B' : 'A')}");

        await Assert.ThrowsAsync<IOException>(() => stranger.Put("b", new MemoryStream([1]), Cancellation));
        await Assert.ThrowsAsync<IOException>(() => stranger.OpenRead("a", 0, null, Cancellation));
        await Assert.ThrowsAsync<IOException>(() => stranger.Delete("a", Cancellation));
        var failure = await Assert.ThrowsAsync<IOException>(() => stranger.CheckHealth(Cancellation));

        Assert.Contains("SignatureDoesNotMatch", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(bucket.SecretKey[..^1], failure.ToString(), StringComparison.Ordinal);
        Assert.Equal(["a"], await Keys(""));
    }

    [Fact]
    public async Task CheckHealth_WithoutTheBucket_Fails()
    {
        var elsewhere = StoreWith(options => options.Bucket = "no-such-bucket");

        var failure = await Assert.ThrowsAsync<IOException>(() => elsewhere.CheckHealth(Cancellation));

        Assert.Contains("NoSuchBucket", failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<IOException>(() => elsewhere.OpenRead("a", 0, null, Cancellation));
    }

    [Fact]
    public async Task Put_BeyondTheBucketsQuota_IsFull()
    {
        var small = await fixture.CreateBucket();
        await (await fixture.Server).Limit(small, 1024 * 1024, Cancellation);
        var limited = StoreWith(options => options.Bucket = small.Name);

        await Assert.ThrowsAsync<ObjectStoreFullException>(() => limited.Put("a", new MemoryStream(new byte[4 * 1024 * 1024]), Cancellation));
        await Assert.ThrowsAsync<ObjectStoreFullException>(() => limited.Put("b", new MemoryStream(new byte[11 * 1024 * 1024]), Cancellation));

        Assert.Empty(await limited.List("", Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task List_OfMoreThanAPage_GivesAll()
    {
        await Parallel.ForAsync(0, 1_100, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Cancellation },
            async (number, _) => await Put($"many/{number}", "x"));

        Assert.Equal(1_100, (await Keys("many/")).Count);
    }

    [Fact]
    public async Task Objects_UnderAPrefix_AreApartFromOthers()
    {
        var other = StoreWith(options => options.Prefix = $"{prefix}captions/test/");
        await Put("a", "mine");

        await other.Put("a", new MemoryStream([1, 2]), Cancellation);

        Assert.Equal(2, (await other.Stat("a", Cancellation))!.Length);
        Assert.Equal("mine", await Read("a"));
        Assert.Equal(["a"], await other.List("", Cancellation).Select(found => found.Key).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task SignedAddress_OfAnObject_ServesItToAnybodyForAWhile()
    {
        await Put("videos/1/source", "0123456789");
        using var anybody = new HttpClient();

        var address = Store.SignedAddress("videos/1/source", TimeSpan.FromMinutes(5), "video/mp4", "attachment; filename=\"a b.mp4\"")!;
        using var whole = await anybody.GetAsync(address, Cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Range = new RangeHeaderValue(3, 5) } };
        using var part = await anybody.SendAsync(request, Cancellation);

        Assert.Equal("0123456789", await whole.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("video/mp4", whole.Content.Headers.ContentType!.MediaType);
        Assert.Equal("attachment; filename=\"a b.mp4\"", whole.Content.Headers.ContentDisposition!.ToString());
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal("345", await part.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task SignedAddress_OfAnotherObjectOrWithoutSignature_ServesNothing()
    {
        await Put("a", "content");
        await Put("b", "content");
        using var anybody = new HttpClient();
        var address = Store.SignedAddress("a", TimeSpan.FromMinutes(5), "text/plain", "inline")!;

        using var other = await anybody.GetAsync(new UriBuilder(address) { Path = address.AbsolutePath.Replace("/a", "/b", StringComparison.Ordinal) }.Uri, Cancellation);
        using var bare = await anybody.GetAsync(address.GetLeftPart(UriPartial.Path), Cancellation);

        Assert.Equal(HttpStatusCode.Forbidden, other.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, bare.StatusCode);
    }

    [Fact]
    public void SignedAddress_WithAPublicEndpoint_BeginsWithIt()
    {
        var reached = StoreWith(options => options.PublicEndpoint = "https://media.example.org");

        var address = reached.SignedAddress("a", TimeSpan.FromMinutes(5), "text/plain", "inline")!;

        Assert.StartsWith($"https://media.example.org/{bucket.Name}/{prefix}objects/a?", address.AbsoluteUri, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7 * 24 * 3600 + 1)]
    public void SignedAddress_ForNoTimeOrTooLong_IsRefused(int seconds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Store.SignedAddress("a", TimeSpan.FromSeconds(seconds), "text/plain", "inline"));

    [Fact]
    public async Task RemoveAbandonedWrites_DropsWhatIsOlderThanAnyUpload()
    {
        var reached = await WriteInOneGo("old", new byte[6_000_000]);
        await Put("kept", "object");

        Assert.Equal(0, await store.RemoveAbandonedWrites(Cancellation));
        Assert.Equal(3, await StoreAt(TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(10)).RemoveAbandonedWrites(Cancellation));

        Assert.Empty(await Store.ListUnfinished(Cancellation).ToListAsync(Cancellation));
        await Assert.ThrowsAsync<ObjectNotFoundException>(() => Store.Resume("old", reached, 7_000_000, Cancellation));
        await Assert.ThrowsAsync<ObjectNotFoundException>(() => Store.Finish("old", reached, Cancellation));
        Assert.Equal(["kept"], await Keys(""));
    }

    [Fact]
    public async Task Finish_BeforePartsThatWereSent_IsRefusedAndTheWriteCanGoOn()
    {
        WriteCheckpoint reached;
        await using (var write = await Store.Resume("a", WriteCheckpoint.Start, 11_000_000, Cancellation))
        {
            await write.Append(new byte[6_000_000], Cancellation);
            reached = await write.Checkpoint(Cancellation);
            await write.Append(new byte[6_000_000], Cancellation);
        }

        // Amazon's would join what it is told to; Ceph's wants all or nothing.
        await Assert.ThrowsAsync<IOException>(() => Store.Finish("a", reached, Cancellation));

        Assert.Empty(await Keys(""));
        await using (var write = await Store.Resume("a", reached, 11_000_000, Cancellation))
        {
            await write.Append(new byte[5_757_120], Cancellation);
            reached = await write.Suspend(Cancellation);
        }

        await Store.Finish("a", reached, Cancellation);
        Assert.Equal(11_000_000, (await Store.Stat("a", Cancellation))!.Length);
    }

    [Fact]
    public async Task Resume_WithAnotherPartSizeThanBefore_GoesOnWithTheOld()
    {
        var content = new byte[20_000_000];
        Random.Shared.NextBytes(content);
        var reached = await WriteInOneGo("a", content[..7_000_000]);
        var changed = StoreWith(options => options.PartBytes = 8 * 1024 * 1024);

        await using (var write = await changed.Resume("a", reached, content.Length, Cancellation))
        {
            await write.Append(content.AsMemory(7_000_000), Cancellation);
            reached = await write.Suspend(Cancellation);
        }

        await changed.Finish("a", reached, Cancellation);
        Assert.Equal(content, await ReadBytes("a", 0, null));
    }

    [Fact]
    public async Task Resume_AfterManyShortGoes_KeepsOneTail()
    {
        var reached = WriteCheckpoint.Start;
        for (var go = 0; go < 5; go++)
        {
            await using var write = await Store.Resume("a", reached, 50, Cancellation);
            await write.Append(new byte[10], Cancellation);
            reached = await write.Suspend(Cancellation);
        }

        using var client = S3Server.Client(bucket);
        var names = (await client.ListObjectsAsync(bucket.Name, $"{prefix}partial/", Cancellation)).S3Objects.Select(found => found.Key[prefix.Length..]);

        // The mark, the last one, and the one before, which the last note of it may still need.
        Assert.Equal(["partial/a=0", "partial/a=40", "partial/a=50"], names);
    }

    [Fact]
    public async Task Resume_OfAWriteOfAFolder_IsNotFound()
    {
        await WriteInOneGo("a", new byte[10]);

        await Assert.ThrowsAsync<ObjectNotFoundException>(() => Store.Resume("a", new WriteCheckpoint(10, null), 20, Cancellation));
        await Assert.ThrowsAsync<ObjectNotFoundException>(() => Store.Resume("a", new WriteCheckpoint(10, "{"), 20, Cancellation));
    }

    private S3ObjectStore StoreWith(Action<S3Options> change)
    {
        var options = S3Fixture.Options(bucket, prefix);
        change(options);
        var opened = S3Fixture.Store(options);
        stores.Add(opened);
        return opened;
    }

    private S3ObjectStore StoreAt(DateTimeOffset now)
    {
        var options = S3Fixture.Options(bucket, prefix);
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(now);
        var opened = new S3ObjectStore(new S3Bucket(options, time), options, time);
        stores.Add(opened);
        return opened;
    }
}
