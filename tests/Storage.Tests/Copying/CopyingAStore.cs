using System.Security.Cryptography;
using AX2Caption.Silo.Storage;
using AX2Caption.Storage.Copying;
using AX2Caption.Storage.S3;
using AX2Caption.Storage.Tests.S3;
using Microsoft.Extensions.Configuration;

namespace AX2Caption.Storage.Tests.Copying;

/// <summary><c>Silo storage copy</c> between a folder and a real bucket.</summary>
public sealed class CopyingAStore(SharedBucket shared) : IClassFixture<SharedBucket>, IAsyncLifetime
{
    private static readonly string[] Keys = ["incoming/1", "jobs/1/output", "videos/1/source", "videos/1/thumbnail", "videos/2/source"];

    private readonly string root = Path.Join(Path.GetTempPath(), $"ax2-copy-{Guid.CreateVersion7():N}");
    private readonly string prefix = $"{Guid.CreateVersion7():N}/";
    private LocalObjectStore folder = null!;
    private S3ObjectStore bucket = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(root);
        folder = new LocalObjectStore(new StorageOptions { Root = root, MinimumFreeBytes = 0 }, TimeProvider.System);
        bucket = S3Fixture.Store(S3Fixture.Options(await shared.Bucket(), prefix));
    }

    public ValueTask DisposeAsync()
    {
        bucket.Dispose();
        Directory.Delete(root, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task EveryObject_StandsInTheTargetAfterwards(bool toTheBucket)
    {
        var (from, to) = toTheBucket ? ((IObjectStore)folder, (IObjectStore)bucket) : (bucket, folder);
        await Fill(from);

        var (exitCode, output, errors) = await Copy(toTheBucket);

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.EndsWith("5 objects: 5 copied (6000030 bytes) and read back, 0 were there, 0 deleted meanwhile, 0 failed.\n", output, StringComparison.Ordinal);
        await AssertSame(from, to);
        var (_, again, _) = await Copy(toTheBucket);
        Assert.EndsWith("5 objects: 0 copied (0 bytes) and read back, 5 were there, 0 deleted meanwhile, 0 failed.\n", again, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ACopyThatWasBrokenOff_GoesOn(bool toTheBucket)
    {
        var (from, to) = toTheBucket ? ((IObjectStore)folder, (IObjectStore)bucket) : (bucket, folder);
        await Fill(from);
        using var broken = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new StoreCopy(from, to).Run(async (_, _) => await broken.CancelAsync(), broken.Token));
        var standing = await to.List("", Cancellation).CountAsync(Cancellation);
        Assert.InRange(standing, 1, 4);
        var (exitCode, output, _) = await Copy(toTheBucket);

        Assert.Equal(0, exitCode);
        Assert.Contains($" {standing} were there", output, StringComparison.Ordinal);
        await AssertSame(from, to);
    }

    [Fact]
    public async Task AnObjectOfTheSameLengthButOtherContent_IsCopied()
    {
        await Fill(folder);
        await bucket.Put("incoming/1", new MemoryStream(new byte[10]), Cancellation);

        var (exitCode, output, _) = await Copy(toTheBucket: true);

        Assert.Equal(0, exitCode);
        Assert.Contains("5 copied", output, StringComparison.Ordinal);
        await AssertSame(folder, bucket);
    }

    [Fact]
    public async Task UnfinishedWrites_AreNotCopiedAndSaidSo()
    {
        await Fill(folder);
        await using (await folder.Resume("incoming/2", WriteCheckpoint.Start, 10, Cancellation))
        {
        }

        var (exitCode, output, _) = await Copy(toTheBucket: true);

        Assert.Equal(0, exitCode);
        Assert.Contains("1 unfinished writes were not copied", output, StringComparison.Ordinal);
        Assert.Empty(await bucket.ListUnfinished(Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task ATargetThatReadsOtherwiseThanItWasWritten_Fails()
    {
        await Fill(folder);

        var totals = await new StoreCopy(folder, new FlippingStore(bucket)).Run((_, _) => Task.CompletedTask, Cancellation);

        Assert.Equal((0, 5), (totals.Copied, totals.Failed));
    }

    [Fact]
    public async Task ATargetThatLosesAnObject_Fails()
    {
        await Fill(folder);

        var totals = await new StoreCopy(folder, new ForgettingStore(bucket, "videos/1/source")).Run((_, _) => Task.CompletedTask, Cancellation);

        Assert.Equal((4, 0, 1), (totals.Copied, totals.Gone, totals.Failed));
    }

    [Fact]
    public async Task AnObjectThatIsDeletedMeanwhile_IsNotLeftInTheTarget()
    {
        await Fill(folder);
        // Copied by an earlier run.
        await bucket.Put("videos/1/source", new MemoryStream([1]), Cancellation);

        var totals = await new StoreCopy(new ForgettingStore(folder, "videos/1/source"), bucket).Run((_, _) => Task.CompletedTask, Cancellation);

        Assert.Equal((4, 1, 0), (totals.Copied, totals.Gone, totals.Failed));
        Assert.Null(await bucket.Stat("videos/1/source", Cancellation));
    }

    [Fact]
    public async Task ABucketThatIsNotThere_BreaksTheCopyOff()
    {
        await Fill(folder);
        var settings = await Settings(toTheBucket: true);
        settings["StorageCopy:Target:S3:Bucket"] = "no-such-bucket";

        var (exitCode, _, errors) = await Run(settings);

        Assert.Equal(1, exitCode);
        Assert.Contains("The copy was broken off: The object store refused", errors, StringComparison.Ordinal);
    }

    private static async Task Fill(IObjectStore store)
    {
        foreach (var key in Keys)
            await store.Put(key, new MemoryStream(RandomNumberGenerator.GetBytes(key == "videos/1/source" ? 5_999_990 : 10)), Cancellation);
    }

    private static async Task AssertSame(IObjectStore from, IObjectStore to)
    {
        Assert.Equal(await Hashes(from), await Hashes(to));
        Assert.Equal(Keys, (await Hashes(to)).Keys);
    }

    private static async Task<SortedDictionary<string, string>> Hashes(IObjectStore store)
    {
        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        await foreach (var stored in store.List("", Cancellation))
        {
            await using var content = await store.OpenRead(stored.Key, 0, null, Cancellation);
            hashes[stored.Key] = Convert.ToHexString(await SHA256.HashDataAsync(content, Cancellation));
        }

        return hashes;
    }

    private async Task<(int ExitCode, string Output, string Errors)> Copy(bool toTheBucket) => await Run(await Settings(toTheBucket));

    private async Task<Dictionary<string, string?>> Settings(bool toTheBucket)
    {
        var (folderSection, bucketSection) = toTheBucket ? ("Storage", "StorageCopy:Target") : ("StorageCopy:Target", "Storage");
        var settings = new Dictionary<string, string?>
        {
            [$"{folderSection}:Root"] = root,
            [$"{folderSection}:MinimumFreeBytes"] = "0",
            [$"{bucketSection}:S3:Prefix"] = prefix,
        };
        foreach (var (key, value) in (await shared.Bucket()).Settings(bucketSection))
            settings[key.Replace("__", ":", StringComparison.Ordinal)] = value;
        return settings;
    }

    private static async Task<(int ExitCode, string Output, string Errors)> Run(Dictionary<string, string?> settings)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var exitCode = await CopyCommand.Run(configuration, output, errors, Cancellation);
        return (exitCode, output.ToString(), errors.ToString());
    }
}
