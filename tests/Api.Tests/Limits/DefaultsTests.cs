using AX2Caption.Api.Cluster;
using AX2Caption.Api.Limits;
using AX2Caption.Api.Sessions;
using AX2Caption.Api.Uploads;

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
        var rates = new RateLimitOptions();
        Assert.Equal((6000, 30, 10), (rates.RequestsPerAddress, rates.SignInsPerAddress, rates.MailsPerAddress));
        Assert.Equal((20, TimeSpan.FromHours(1)), (rates.GuestsPerAddress, rates.GuestWindow));
        Assert.Equal((1500, 120, 10), (rates.RequestsPerAccount, rates.JobsPerAccount, rates.WebhookSendsPerAccount));
        Assert.Equal((60, 20, 4), (rates.UploadStartsPerAccount, rates.UploadStartsPerGuest, rates.UploadsPerAccount));
        var limits = new LimitOptions();
        Assert.Equal((64 * 1024, 10_000), (limits.MaximumBodyBytes, limits.MaximumConnections));
        Assert.Equal((64, 16 * 1024, 4 * 1024), (limits.MaximumHeaders, limits.MaximumHeaderBytes, limits.MaximumRequestLineBytes));
        Assert.Equal((TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(2)), (limits.HeaderTimeout, limits.KeepAliveTimeout));
        Assert.Equal((1024, TimeSpan.FromSeconds(10)), (limits.MinimumBodyRate, limits.MinimumBodyRateGrace));
        Assert.Null(limits.RequestTimeout);
        var auth = new AuthOptions();
        Assert.Equal((TimeSpan.FromMinutes(15), TimeSpan.FromSeconds(30)), (auth.AccessTokenLifetime, auth.ClockSkew));
        Assert.Equal((TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(1)), (auth.KeyPublicationDelay, auth.KeyReloadInterval));
        Assert.Equal(("ax2caption", "ax2caption-api"), (auth.Issuer, auth.Audience));
    }
}
