using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Grains.Uploads;
using AX2Caption.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace AX2Caption.Grains.Tests.Uploads;

public sealed class UploadOptionsTests
{
    [Fact]
    public void Defaults_AreThoseOfTheDocumentation()
    {
        var options = new UploadOptions();

        Assert.Equal(
            (TimeSpan.FromHours(24), TimeSpan.FromDays(7), TimeSpan.FromHours(1), TimeSpan.FromSeconds(6)),
            (options.ExpireAfter, options.MaximumAge, options.PartAddressLifetime, options.WriterLease));
    }

    [Theory]
    [InlineData("ExpireAfter", "00:00:01", "30.00:00:00", "00:00:00.9999999", "30.00:00:00.0000001")]
    [InlineData("MaximumAge", "00:00:01", "30.00:00:00", "00:00:00.9999999", "30.00:00:00.0000001")]
    [InlineData("PartAddressLifetime", "00:00:01", "7.00:00:00", "00:00:00.9999999", "7.00:00:00.0000001")]
    [InlineData("WriterLease", "00:00:00.300", "00:05:00", "00:00:00.2999999", "00:05:00.0000001")]
    public void Validation_AtItsEdges_TakesThemAndNamesTheKeyBeyond(string key, string least, string most, string below, string above)
    {
        Assert.Null(Validate((key, least)));
        Assert.Null(Validate((key, most)));
        Assert.Contains($"Uploads:{key}", Validate((key, below)), StringComparison.Ordinal);
        Assert.Contains($"Uploads:{key}", Validate((key, above)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("local", "Storage:AbandonedUploadAge")]
    [InlineData("s3", "Storage:S3:AbandonedUploadAge")]
    public void Validation_WhereTheStoreGivesUpSooner_NamesBothKeys(string kind, string storeKey)
    {
        Assert.Null(OptionsStartup.Validate(Add, ("Storage:Kind", kind), ("Uploads:MaximumAge", "8.00:00:00"), (storeKey, "9.00:00:00")));
        var refusal = OptionsStartup.Validate(Add, ("Storage:Kind", kind), ("Uploads:MaximumAge", "8.00:00:00.0000001"), (storeKey, "9.00:00:00"));

        Assert.Contains("Uploads:MaximumAge", refusal, StringComparison.Ordinal);
        Assert.Contains(storeKey, refusal, StringComparison.Ordinal);
    }

    private static string? Validate((string Key, string Value) setting) =>
        OptionsStartup.Validate(Add, ($"Uploads:{setting.Key}", setting.Value), ("Storage:AbandonedUploadAge", "90.00:00:00"));

    private static void Add(IServiceCollection services)
    {
        services.AddOptions<StorageOptions>().BindConfiguration(StorageOptions.Section);
        services.AddUploads();
    }
}
