using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AX2Caption.Storage.Tests;

public sealed class StorageOptionsTests
{
    [Fact]
    public void Options_NotSet_HaveTheDocumentedDefaults()
    {
        var options = Options(("Storage:Root", "/srv/objects"));

        Assert.Equal(512L * 1024 * 1024, options.MinimumFreeBytes);
        Assert.Equal(TimeSpan.FromHours(1), options.AbandonedWriteAge);
    }

    [Theory]
    [InlineData("Storage:Root", null, "Storage:Root must name")]
    [InlineData("Storage:Root", "relative/path", "Storage:Root must be an absolute path")]
    [InlineData("Storage:MinimumFreeBytes", "-1", "Storage:MinimumFreeBytes")]
    [InlineData("Storage:AbandonedWriteAge", "00:00:00", "Storage:AbandonedWriteAge")]
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
