using AX2Caption.Api.Accounts;
using AX2Caption.Api.Cluster;
using AX2Caption.Api.Limits;
using AX2Caption.Api.Videos;

namespace AX2Caption.Api.Tests.Limits;

public sealed class DefaultsTests
{
    [Fact]
    public void Options_Unconfigured_HaveTheDocumentedDefaults()
    {
        Assert.Equal("http://127.0.0.1:8080", new ApiOptions().Url);
        Assert.Equal(("ax2caption", "ax2caption"), (new ClusterOptions().ClusterId, new ClusterOptions().ServiceId));
        Assert.Equal((TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(10)), (new ClusterOptions().RetryFor, new ClusterOptions().CallTimeout));
        Assert.Equal((2L * 1024 * 1024 * 1024, TimeSpan.FromHours(2)), (new UploadOptions().MaximumBytes, new UploadOptions().Timeout));
        Assert.Equal(
            (20, TimeSpan.FromHours(1), 4),
            (new RateLimitOptions().GuestsPerAddress, new RateLimitOptions().GuestWindow, new RateLimitOptions().UploadsPerAccount));
        Assert.Equal((TimeSpan.FromHours(24), TimeSpan.FromSeconds(30)), (new AuthOptions().AccessTokenLifetime, new AuthOptions().ClockSkew));
    }
}
