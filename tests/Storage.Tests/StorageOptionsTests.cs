using AX2Caption.Storage.S3;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AX2Caption.Storage.Tests;

public sealed class StorageOptionsTests
{
    private static readonly (string Key, string? Value)[] Bucket =
    [
        ("Storage:Kind", "s3"), ("Storage:S3:Bucket", "media"), ("Storage:S3:Endpoint", "https://s3.example.org"),
        ("Storage:S3:AccessKey", "someone"), ("Storage:S3:SecretKey", "hush"),
    ];

    [Fact]
    public void Options_NotSet_HaveTheDocumentedDefaults()
    {
        var options = Options(("Storage:Root", "/srv/objects"));

        Assert.Equal("local", options.Kind);
        Assert.Equal(512L * 1024 * 1024, options.MinimumFreeBytes);
        Assert.Equal(TimeSpan.FromHours(1), options.AbandonedWriteAge);
    }

    [Fact]
    public void OptionsOfS3_NotSet_HaveTheDocumentedDefaults()
    {
        var options = Options(("Storage:Kind", "s3"), ("Storage:S3:Bucket", "media")).S3;

        Assert.Equal(("", "", "us-east-1", ""), (options.Endpoint, options.PublicEndpoint, options.Region, options.Prefix));
        Assert.Equal(("", "", ""), (options.AccessKey, options.SecretKey, options.SecretKeyPath));
        Assert.False(options.ForcePathStyle);
        Assert.Equal("when_required", options.ChecksumMode);
        Assert.Equal(16L * 1024 * 1024, options.PartBytes);
        Assert.Equal(Path.GetTempPath(), options.SpoolFolder);
        Assert.Equal(TimeSpan.FromSeconds(10), options.ConnectTimeout);
        Assert.Equal(TimeSpan.FromMinutes(5), options.RequestTimeout);
        Assert.Equal(TimeSpan.FromMinutes(1), options.ReadTimeout);
        Assert.Equal(5, options.MaxRetries);
        Assert.Equal(TimeSpan.FromDays(9), options.AbandonedUploadAge);
        Assert.Equal(5L * 1024 * 1024 * 1024, options.CopyPartBytes);
    }

    [Theory]
    [InlineData("Endpoint", "s3.example.org")]
    [InlineData("Endpoint", "ftp://s3.example.org")]
    [InlineData("Endpoint", "https://user:secret@s3.example.org")]
    [InlineData("PublicEndpoint", "media")]
    [InlineData("Region", "")]
    [InlineData("Bucket", "")]
    [InlineData("Prefix", "captions")]
    [InlineData("Prefix", "a/../")]
    [InlineData("AccessKey", "")]
    [InlineData("SecretKey", "")]
    [InlineData("SecretKeyPath", "/nowhere/secret")]
    [InlineData("ChecksumMode", "never")]
    [InlineData("PartBytes", "5242879")]
    [InlineData("PartBytes", "5368709121")]
    [InlineData("SpoolFolder", "spool")]
    [InlineData("ConnectTimeout", "00:00:00.099")]
    [InlineData("ConnectTimeout", "00:05:00.001")]
    [InlineData("RequestTimeout", "00:00:00.999")]
    [InlineData("RequestTimeout", "06:00:00.001")]
    [InlineData("ReadTimeout", "00:00:00.099")]
    [InlineData("ReadTimeout", "01:00:00.001")]
    [InlineData("MaxRetries", "-1")]
    [InlineData("MaxRetries", "21")]
    [InlineData("AbandonedUploadAge", "23:59:59")]
    [InlineData("AbandonedUploadAge", "90.00:00:01")]
    public void OptionOfS3_Invalid_IsNamedWithoutTheSecret(string key, string value)
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Options([.. Bucket, ($"Storage:S3:{key}", value)]));

        Assert.Contains($"Storage:S3:{(key == "SecretKey" ? "AccessKey" : key)} ", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PartBytes", "5242880")]
    [InlineData("PartBytes", "5368709120")]
    [InlineData("Prefix", "captions/test/")]
    [InlineData("ConnectTimeout", "00:00:00.100")]
    [InlineData("ConnectTimeout", "00:05:00")]
    [InlineData("RequestTimeout", "00:00:01")]
    [InlineData("RequestTimeout", "06:00:00")]
    [InlineData("ReadTimeout", "00:00:00.100")]
    [InlineData("ReadTimeout", "01:00:00")]
    [InlineData("MaxRetries", "0")]
    [InlineData("MaxRetries", "20")]
    [InlineData("AbandonedUploadAge", "1.00:00:00")]
    [InlineData("AbandonedUploadAge", "90.00:00:00")]
    public void OptionOfS3_AtItsEdge_IsTaken(string key, string value) => Options([.. Bucket, ($"Storage:S3:{key}", value)]);

    [Fact]
    public void Options_WithSeveralFaults_NameThemAll()
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Options(("Storage:Kind", "s3"), ("Storage:S3:PartBytes", "1"), ("Storage:S3:AccessKey", "x")));

        Assert.Equal(3, failure.Failures.Count());
    }

    [Fact]
    public void Options_OfTheOtherKind_AreNotLookedAt()
    {
        Options(("Storage:Root", "/srv/objects"), ("Storage:S3:PartBytes", "1"));
        Options([.. Bucket, ("Storage:MinimumFreeBytes", "-1")]);
    }

    [Fact]
    public async Task SecretKeyPath_NamesAFileThatHoldsTheSecret()
    {
        var path = Path.Join(Path.GetTempPath(), Guid.CreateVersion7().ToString("N"));
        await File.WriteAllTextAsync(path, "hush\n", TestContext.Current.CancellationToken);

        Options([.. Bucket, ("Storage:S3:SecretKey", ""), ("Storage:S3:SecretKeyPath", path)]);
        var both = Assert.Throws<OptionsValidationException>(() => Options([.. Bucket, ("Storage:S3:SecretKeyPath", path)]));

        Assert.Contains("Storage:S3:SecretKey and SecretKeyPath are both set", both.Message, StringComparison.Ordinal);
        File.Delete(path);
    }

    [Fact]
    public void OpenObjectStore_OfAnotherSection_NamesItsKeys()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["StorageCopy:Target:Root"] = "relative" }).Build();

        var failure = Assert.Throws<OptionsValidationException>(() =>
            StorageServices.OpenObjectStore(configuration, "StorageCopy:Target", TimeProvider.System));

        Assert.Contains("StorageCopy:Target:Root must be an absolute path", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Storage:Root", null, "Storage:Root must name")]
    [InlineData("Storage:Root", "relative/path", "Storage:Root must be an absolute path")]
    [InlineData("Storage:MinimumFreeBytes", "-1", "Storage:MinimumFreeBytes")]
    [InlineData("Storage:AbandonedWriteAge", "00:00:59", "Storage:AbandonedWriteAge")]
    [InlineData("Storage:AbandonedWriteAge", "30.00:00:01", "Storage:AbandonedWriteAge")]
    [InlineData("Storage:Kind", "ftp", "Storage:Kind must be 'local' or 's3', not 'ftp'")]
    public void Option_Invalid_IsNamed(string key, string? value, string expected)
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Options(("Storage:Root", "/srv/objects"), (key, value)));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddObjectStore_ProvidesTheLocalStore()
    {
        using var provider = Provider(("Storage:Root", "/srv/objects"));

        Assert.IsType<LocalObjectStore>(provider.GetRequiredService<IObjectStore>());
        Assert.Null(provider.GetService<IDirectUploads>());
    }

    [Fact]
    public void AddObjectStore_OfTheKindS3_ProvidesTheBucketAndDirectUploads()
    {
        using var provider = Provider(Bucket);

        Assert.IsType<S3ObjectStore>(provider.GetRequiredService<IObjectStore>());
        Assert.IsType<S3DirectUploads>(provider.GetRequiredService<IDirectUploads>());
    }

    private static StorageOptions Options(params (string Key, string? Value)[] settings)
    {
        using var provider = Provider(settings);
        return provider.GetRequiredService<IOptions<StorageOptions>>().Value;
    }

    private static ServiceProvider Provider(params (string Key, string? Value)[] settings)
    {
        var values = new Dictionary<string, string?>();
        foreach (var (key, value) in settings)
            values[key] = value;
        return new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(values).Build())
            .AddLogging()
            .AddObjectStore()
            .BuildServiceProvider();
    }
}
