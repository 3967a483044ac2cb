using AX2Caption.Api.Limits;

namespace AX2Caption.Api.Tests.Limits;

public sealed class BucketTests
{
    [Theory]
    [InlineData(1, 1, 60)]
    [InlineData(7, 1, 60d / 7)]
    [InlineData(60, 1, 1)]
    [InlineData(100, 2, 1.2)]
    [InlineData(1500, 25, 1)]
    [InlineData(10_000_000, 166_667, 1.000002)]
    public void Of_SoManyAMinute_ComeBackInStepsOfASecondOrMore(int requests, int perStep, double seconds)
    {
        var bucket = Bucket.Of(requests, TimeSpan.FromMinutes(1));

        Assert.Equal((requests, perStep), (bucket.TokenLimit, bucket.TokensPerPeriod));
        Assert.Equal(seconds, bucket.ReplenishmentPeriod.TotalSeconds, tolerance: 1e-6);
        Assert.Equal(0, bucket.QueueLimit);
    }

    [Fact]
    public void Of_TenAnHour_ComeBackOneBySixMinutes()
    {
        var bucket = Bucket.Of(10, TimeSpan.FromHours(1));

        Assert.Equal((10, 1, TimeSpan.FromMinutes(6)), (bucket.TokenLimit, bucket.TokensPerPeriod, bucket.ReplenishmentPeriod));
    }
}
