using AX2Caption.Storage.S3;
using AX2Caption.Storage.Tests.S3;
using AX2Caption.Testing.S3;

[assembly: AssemblyFixture(typeof(S3Fixture))]

namespace AX2Caption.Storage.Tests.S3;

/// <summary>One S3 server for all the tests of this program, started by the first one that asks.</summary>
public sealed class S3Fixture : IAsyncDisposable
{
    private readonly Lazy<Task<S3Server>> server = new(() => S3Server.Start());

    public Task<S3Server> Server => server.Value;

    public async Task<TestBucket> CreateBucket() => await (await Server).CreateBucket(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (server.IsValueCreated)
            await (await server.Value).DisposeAsync();
    }

    /// <summary>The settings of a bucket, with the smallest parts that there are.</summary>
    internal static S3Options Options(TestBucket bucket, string prefix = "") => new()
    {
        Endpoint = bucket.Endpoint.OriginalString,
        Bucket = bucket.Name,
        Prefix = prefix,
        AccessKey = bucket.AccessKey,
        SecretKey = bucket.SecretKey,
        ForcePathStyle = true,
        PartBytes = PartSizes.Smallest,
        CopyPartBytes = PartSizes.Smallest,
    };

    internal static S3ObjectStore Store(S3Options options) => new(new S3Bucket(options, TimeProvider.System), options, TimeProvider.System);
}

/// <summary>One bucket for the tests of a class, which keep apart by prefixes.</summary>
public sealed class SharedBucket(S3Fixture fixture)
{
    private readonly Lazy<Task<TestBucket>> bucket = new(fixture.CreateBucket);

    public Task<TestBucket> Bucket() => bucket.Value;
}
