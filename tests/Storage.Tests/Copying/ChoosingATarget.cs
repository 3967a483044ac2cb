using AX2Caption.Silo.Hosting;
using Microsoft.Extensions.Configuration;

namespace AX2Caption.Storage.Tests.Copying;

/// <summary>What <c>Silo storage copy</c> refuses before it looks at any store.</summary>
public sealed class ChoosingATarget : IDisposable
{
    private const string Source = "Storage";
    private const string Target = "StorageCopy:Target";

    private readonly string root = Path.Join(Path.GetTempPath(), $"ax2-target-{Guid.CreateVersion7():N}");

    public void Dispose()
    {
        if (Directory.Exists(root))
            Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task WrongSettings_AreNamedForBothStores()
    {
        var errors = await Refusal([$"--{Source}:Root=here", $"--{Target}:Kind=s3"]);

        Assert.Contains("Storage:Root must be an absolute path", errors, StringComparison.Ordinal);
        Assert.Contains("StorageCopy:Target:S3:Bucket must name the bucket", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/store", "/store/")]
    [InlineData("/store", "/other/../store")]
    public async Task TheSourceItself_IsRefused(string source, string target) =>
        Assert.Equal(
            "StorageCopy:Target is the store that Storage describes.\n", await Refusal([$"--{Source}:Root={root}{source}", $"--{Target}:Root={root}{target}"]));

    [Theory]
    [InlineData("/store", "/store/copy")]
    [InlineData("/store/now", "/store")]
    public async Task AFolder_InsideTheOther_IsRefused(string source, string target) =>
        Assert.Equal(OneInside, await Refusal([$"--{Source}:Root={root}{source}", $"--{Target}:Root={root}{target}"]));

    [Theory]
    [InlineData("", "copy/")]
    [InlineData("media/now/", "media/")]
    public async Task APartOfABucket_InsideTheOther_IsRefused(string source, string target) =>
        Assert.Equal(OneInside, await Refusal([.. Bucket(Source, source), .. Bucket(Target, target)]));

    [Theory]
    [InlineData("/store", "/store2", false)]
    [InlineData("/store", "/", true)]
    [InlineData("/", "/store/now/", true)]
    public void Folders_LieInOneAnother_ByWholeNames(string source, string target, bool expected)
    {
        string[] arguments = [$"--{Source}:Root={source}", $"--{Target}:Root={target}"];

        Assert.Equal(expected, StorageServices.LieInOneAnother(new ConfigurationBuilder().AddCommandLine(arguments).Build(), Source, Target));
    }

    [Fact]
    public void PartsOfABucket_LieInOneAnother_ByWholeNames()
    {
        string[] arguments = [.. Bucket(Source, "media/"), .. Bucket(Target, "media2/")];

        Assert.False(StorageServices.LieInOneAnother(new ConfigurationBuilder().AddCommandLine(arguments).Build(), Source, Target));
    }

    private static string OneInside => "StorageCopy:Target and Storage lie one inside the other: give each store a place of its own.\n";

    private static string[] Bucket(string section, string prefix) =>
        [$"--{section}:Kind=s3", $"--{section}:S3:Bucket=captions", $"--{section}:S3:Endpoint=http://127.0.0.1:1", $"--{section}:S3:Prefix={prefix}"];

    private static async Task<string> Refusal(string[] settings)
    {
        using var errors = new StringWriter { NewLine = "\n" };

        Assert.Equal(1, await Commands.Run(["storage", "copy", .. settings], TextWriter.Null, errors));

        return errors.ToString();
    }
}
