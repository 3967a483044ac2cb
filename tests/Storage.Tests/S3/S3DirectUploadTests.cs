using System.Net;
using System.Security.Cryptography;
using AX2Caption.Storage.S3;

namespace AX2Caption.Storage.Tests.S3;

/// <summary>Clients that write to a real server by themselves.</summary>
public sealed class S3DirectUploadTests(SharedBucket shared) : IClassFixture<SharedBucket>, IAsyncLifetime
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly byte[] content = RandomNumberGenerator.GetBytes(11_000_003);
    private readonly HttpClient client = new();
    private S3ObjectStore store = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IDirectUploads Uploads => store.DirectUploads;

    public async ValueTask InitializeAsync() =>
        store = S3Fixture.Store(S3Fixture.Options(await shared.Bucket(), $"{Guid.CreateVersion7():N}/"));

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        store.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Finish_OfAllParts_IsTheObject()
    {
        var upload = await Uploads.Begin("incoming/1", content.Length, Cancellation);
        Assert.Equal((PartSizes.Smallest, 3), (upload.PartBytes, upload.PartCount));
        var parts = await SendAll(upload, "incoming/1");
        Assert.Null(await store.Stat("incoming/1", Cancellation));

        Assert.IsType<DirectFinish.Finished>(await Uploads.Finish("incoming/1", upload.State, [.. parts.Reverse()], Cancellation));
        Assert.IsType<DirectFinish.Finished>(await Uploads.Finish("incoming/1", upload.State, parts, Cancellation));

        await using var stored = await store.OpenRead("incoming/1", 0, null, Cancellation);
        Assert.Equal(SHA256.HashData(content), await SHA256.HashDataAsync(stored, Cancellation));
    }

    [Fact]
    public async Task Finish_OfPartsThatAreMissingOrOthers_NamesThemAndGoesOn()
    {
        var upload = await Uploads.Begin("a", content.Length, Cancellation);
        var first = await Send(upload, 1);
        var third = await Send(upload, 3);

        var missing = await Uploads.Finish("a", upload.State, [first, new DirectPart(2, "\"0\""), third with { ETag = first.ETag }], Cancellation);

        Assert.Equal([2, 3], Assert.IsType<DirectFinish.WrongParts>(missing).Numbers);
        Assert.Null(await store.Stat("a", Cancellation));
        var second = await Send(upload, 2);
        Assert.IsType<DirectFinish.Finished>(await Uploads.Finish("a", upload.State, [first, second, third], Cancellation));
    }

    [Fact]
    public async Task PartAddress_ForOtherBytesThanAgreed_TakesNone()
    {
        var upload = await Uploads.Begin("a", content.Length, Cancellation);

        using var longer = await client.PutAsync(Uploads.PartAddress("a", upload.State, 3, Lifetime), new ByteArrayContent(new byte[PartSizes.Smallest]), Cancellation);
        using var shorter = await client.PutAsync(Uploads.PartAddress("a", upload.State, 1, Lifetime), new ByteArrayContent([1]), Cancellation);

        Assert.Equal(HttpStatusCode.Forbidden, longer.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, shorter.StatusCode);
    }

    [Fact]
    public async Task PartAddress_ChangedToAnotherPart_TakesNothing()
    {
        var upload = await Uploads.Begin("a", content.Length, Cancellation);
        var address = Uploads.PartAddress("a", upload.State, 1, Lifetime);

        using var other = await client.PutAsync(
            new Uri(address.AbsoluteUri.Replace("partNumber=1", "partNumber=2", StringComparison.Ordinal)), Part(upload, 2), Cancellation);

        Assert.Equal(HttpStatusCode.Forbidden, other.StatusCode);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public async Task PartAddress_OfNoPart_IsRefused(int number)
    {
        var upload = await Uploads.Begin("a", content.Length, Cancellation);

        Assert.Throws<ArgumentOutOfRangeException>(() => Uploads.PartAddress("a", upload.State, number, Lifetime));
    }

    [Fact]
    public async Task Abandon_AWrite_LeavesNothing()
    {
        var upload = await Uploads.Begin("a", content.Length, Cancellation);
        var parts = await SendAll(upload);

        await Uploads.Abandon("a", upload.State, Cancellation);
        await Uploads.Abandon("a", upload.State, Cancellation);

        await Assert.ThrowsAsync<ObjectNotFoundException>(() => Uploads.Finish("a", upload.State, parts, Cancellation));
        using var late = await client.PutAsync(Uploads.PartAddress("a", upload.State, 1, Lifetime), Part(upload, 1), Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, late.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"upload\":\"x\",\"length\":0,\"part\":1}")]
    public async Task Finish_WithAStateThatIsNone_IsRefused(string state) =>
        await Assert.ThrowsAsync<ArgumentException>(() => Uploads.Finish("a", state, [], Cancellation));

    [Fact]
    public async Task Begin_OfNothing_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Uploads.Begin("a", 0, Cancellation));

    private async Task<DirectPart[]> SendAll(DirectUpload upload, string key = "a")
    {
        var parts = new DirectPart[upload.PartCount];
        for (var number = 1; number <= parts.Length; number++)
            parts[number - 1] = await Send(upload, number, key);
        return parts;
    }

    private async Task<DirectPart> Send(DirectUpload upload, int number, string key = "a")
    {
        using var answer = await client.PutAsync(Uploads.PartAddress(key, upload.State, number, Lifetime), Part(upload, number), Cancellation);
        answer.EnsureSuccessStatusCode();
        return new DirectPart(number, answer.Headers.ETag!.Tag);
    }

    private ByteArrayContent Part(DirectUpload upload, int number)
    {
        var from = (number - 1) * (int)upload.PartBytes;
        return new ByteArrayContent(content, from, (int)Math.Min(upload.PartBytes, content.Length - from));
    }
}
