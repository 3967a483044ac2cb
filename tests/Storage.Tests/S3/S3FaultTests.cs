using System.Security.Cryptography;
using AX2Caption.Storage.S3;
using AX2Caption.Testing.S3;
using Microsoft.AspNetCore.Http;

namespace AX2Caption.Storage.Tests.S3;

/// <summary>A network that breaks, between the store and a real server.</summary>
public sealed class S3FaultTests(S3Fixture fixture, SharedBucket shared) : IClassFixture<SharedBucket>, IAsyncLifetime
{
    private readonly byte[] content = RandomNumberGenerator.GetBytes(11_000_003);
    private readonly string prefix = $"{Guid.CreateVersion7():N}/";
    private FaultProxy proxy = null!;
    private S3ObjectStore store = null!;
    private S3ObjectStore undisturbed = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        proxy = await FaultProxy.Start((await fixture.Server).Endpoint, Cancellation);
        store = await Disturbed(_ => { });
        undisturbed = S3Fixture.Store(S3Fixture.Options(await shared.Bucket(), prefix));
    }

    public async ValueTask DisposeAsync()
    {
        store.Dispose();
        undisturbed.Dispose();
        await proxy.DisposeAsync();
    }

    [Theory]
    [InlineData("CutRequest")]
    [InlineData("LoseAnswer")]
    [InlineData("Unavailable")]
    [InlineData("Misheard")]
    public async Task Put_WhosePartIsDisturbedTwice_IsWhole(string fault)
    {
        proxy.Disturb(Enum.Parse<Fault>(fault), times: 2, request => request.Query["partNumber"] == "2");

        var written = await store.Put("a", new ForwardStream(content), Cancellation);

        Assert.Equal(2, proxy.Disturbed);
        Assert.Equal(SHA256.HashData(content), written.Sha256);
        await AssertWhole("a");
    }

    [Theory]
    [InlineData("CutRequest")]
    [InlineData("LoseAnswer")]
    [InlineData("Unavailable")]
    [InlineData("Misheard")]
    public async Task Put_InOneRequestThatIsDisturbedTwice_IsWhole(string fault)
    {
        proxy.Disturb(Enum.Parse<Fault>(fault), times: 2, request => request.Method == "PUT");

        await store.Put("a", new MemoryStream([1, 2, 3]), Cancellation);

        Assert.Equal(2, proxy.Disturbed);
        Assert.Equal([1, 2, 3], await Read(undisturbed, "a"));
    }

    [Fact]
    public async Task Put_WhosePartsWereJoinedButTheAnswerWasLost_Succeeds()
    {
        proxy.Disturb(Fault.LoseAnswer, times: 1, JoinsParts);

        await store.Put("a", new ForwardStream(content), Cancellation);

        Assert.Equal(1, proxy.Disturbed);
        await AssertWhole("a");
    }

    [Fact]
    public async Task Put_OfAPartThatNeverArrives_FailsAndLeavesNothing()
    {
        using var hasty = await Disturbed(options => options.MaxRetries = 1);
        proxy.Disturb(Fault.CutRequest, times: int.MaxValue, request => request.Query["partNumber"] == "2");

        await Assert.ThrowsAsync<ObjectStoreUnavailableException>(() => hasty.Put("a", new ForwardStream(content), Cancellation));

        // Once more, and once more for a connection that may have been idle for too long.
        Assert.InRange(proxy.Disturbed, 2, 3);
        await AssertNothing();
    }

    [Fact]
    public async Task Put_WithoutAnAnswer_IsTriedAgainAndWhole()
    {
        using var hasty = await Disturbed(options => options.RequestTimeout = TimeSpan.FromSeconds(1));
        proxy.Disturb(Fault.NoAnswer, times: 1, request => request.Method == "PUT");

        await hasty.Put("a", new MemoryStream([1, 2, 3]), Cancellation);

        Assert.Equal(1, proxy.Disturbed);
        Assert.Equal([1, 2, 3], await Read(undisturbed, "a"));
    }

    [Fact]
    public async Task Finish_WhoseAnswerWasLost_Succeeds()
    {
        WriteCheckpoint reached;
        await using (var write = await store.Resume("a", WriteCheckpoint.Start, content.Length, Cancellation))
        {
            await write.Append(content, Cancellation);
            reached = await write.Suspend(Cancellation);
        }

        proxy.Disturb(Fault.LoseAnswer, times: 1, JoinsParts);
        await store.Finish("a", reached, Cancellation);

        Assert.Equal(1, proxy.Disturbed);
        await AssertWhole("a");
    }

    [Theory]
    [InlineData("CutRequest")]
    [InlineData("LoseAnswer")]
    [InlineData("Unavailable")]
    [InlineData("Misheard")]
    public async Task Append_WhosePartIsDisturbed_GoesOn(string fault)
    {
        proxy.Disturb(Enum.Parse<Fault>(fault), times: 1, request => request.Query["partNumber"] == "1");

        WriteCheckpoint reached;
        await using (var write = await store.Resume("a", WriteCheckpoint.Start, content.Length, Cancellation))
        {
            await write.Append(content, Cancellation);
            reached = await write.Suspend(Cancellation);
        }

        await store.Finish("a", reached, Cancellation);
        Assert.Equal(1, proxy.Disturbed);
        await AssertWhole("a");
    }

    [Fact]
    public async Task Append_WhosePartCouldNotBeSent_CanBeSuspendedLater()
    {
        using var hasty = await Disturbed(options => options.MaxRetries = 0);
        WriteCheckpoint reached;
        await using (var write = await hasty.Resume("a", WriteCheckpoint.Start, content.Length, Cancellation))
        {
            await write.Append(content.AsMemory(0, (int)PartSizes.Smallest), Cancellation);
            proxy.Disturb(Fault.CutRequest, times: int.MaxValue, request => request.Query["partNumber"] == "1");
            await Assert.ThrowsAsync<ObjectStoreUnavailableException>(async () => await write.Append(content.AsMemory((int)PartSizes.Smallest, 10), Cancellation));
            proxy.Disturb(Fault.CutRequest, times: 0, _ => false);
            reached = await write.Suspend(Cancellation);
        }

        Assert.Equal(PartSizes.Smallest, reached.Length);
        await using (var write = await store.Resume("a", reached, content.Length, Cancellation))
        {
            await write.Append(content.AsMemory((int)PartSizes.Smallest), Cancellation);
            reached = await write.Suspend(Cancellation);
        }

        await store.Finish("a", reached, Cancellation);
        await AssertWhole("a");
    }

    [Theory]
    [InlineData("CutAnswer")]
    [InlineData("StallAnswer")]
    [InlineData("Unavailable")]
    [InlineData("Misheard")]
    public async Task OpenRead_ThatIsDisturbedTwice_GivesAll(string fault)
    {
        await undisturbed.Put("a", new MemoryStream(content), Cancellation);
        using var hasty = await Disturbed(options => options.ReadTimeout = TimeSpan.FromMilliseconds(500));
        proxy.Disturb(Enum.Parse<Fault>(fault), times: 2, request => request.Method == "GET");

        Assert.Equal(content, await Read(hasty, "a"));

        Assert.Equal(2, proxy.Disturbed);
    }

    [Fact]
    public async Task OpenRead_ThatIsDisturbedMoreOftenThanItRetries_GivesAllIfItGetsOnBetween()
    {
        await undisturbed.Put("a", new MemoryStream(content), Cancellation);
        using var hasty = await Disturbed(options => options.MaxRetries = 1);
        proxy.Disturb(Fault.CutAnswer, times: 4, request => request.Method == "GET");

        Assert.Equal(content, await Read(hasty, "a"));

        Assert.Equal(4, proxy.Disturbed);
    }

    [Fact]
    public async Task OpenRead_OfAnObjectThatIsReplacedBeforeItIsTakenUp_Fails()
    {
        await undisturbed.Put("a", new MemoryStream(content), Cancellation);
        proxy.Disturb(Fault.CutAnswer, times: 1, request => request.Method == "GET");
        await using var reading = await store.OpenRead("a", 0, null, Cancellation);
        await undisturbed.Put("a", new MemoryStream(new byte[content.Length]), Cancellation);

        await Assert.ThrowsAsync<ObjectStoreUnavailableException>(() => reading.CopyToAsync(Stream.Null, Cancellation));
    }

    [Fact]
    public async Task Download_ThatCannotBeTakenUp_LeavesNoFile()
    {
        await undisturbed.Put("a", new MemoryStream(content), Cancellation);
        using var hasty = await Disturbed(options => options.MaxRetries = 1);
        var path = Path.Join(Path.GetTempPath(), Guid.CreateVersion7().ToString("N"));
        proxy.Disturb(Fault.CutAnswer, times: int.MaxValue, request => request.Method == "GET");

        await Assert.ThrowsAnyAsync<IOException>(() => hasty.Download("a", path, Cancellation));

        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task Move_WhoseAnswersAreLost_Moves()
    {
        await undisturbed.Put("a", new MemoryStream([1, 2, 3]), Cancellation);
        proxy.Disturb(Fault.LoseAnswer, times: 3, request => request.Method is "PUT" or "DELETE");

        await store.Move("a", "b", Cancellation);

        Assert.Equal(3, proxy.Disturbed);
        Assert.Equal([1, 2, 3], await Read(undisturbed, "b"));
        Assert.Null(await undisturbed.Stat("a", Cancellation));
    }

    private static bool JoinsParts(HttpRequest request) => request.Method == "POST" && request.Query.ContainsKey("uploadId");

    private async Task<S3ObjectStore> Disturbed(Action<S3Options> change)
    {
        var options = S3Fixture.Options(await shared.Bucket(), prefix);
        options.Endpoint = proxy.Endpoint.OriginalString.TrimEnd('/');
        change(options);
        return S3Fixture.Store(options);
    }

    private async Task AssertWhole(string key)
    {
        Assert.Equal(content, await Read(undisturbed, key));
        Assert.Empty(await undisturbed.ListUnfinished(Cancellation).ToListAsync(Cancellation));
    }

    private async Task AssertNothing()
    {
        Assert.Empty(await undisturbed.List("", Cancellation).ToListAsync(Cancellation));
        using var client = AX2Caption.Testing.S3.S3Server.Client(await shared.Bucket());
        var uploads = await client.ListMultipartUploadsAsync(new Amazon.S3.Model.ListMultipartUploadsRequest { BucketName = (await shared.Bucket()).Name, Prefix = prefix }, Cancellation);
        Assert.Empty(uploads.MultipartUploads ?? []);
    }

    private static async Task<byte[]> Read(S3ObjectStore from, string key)
    {
        await using var stream = await from.OpenRead(key, 0, null, Cancellation);
        var read = new MemoryStream();
        await stream.CopyToAsync(read, Cancellation);
        return read.ToArray();
    }
}
