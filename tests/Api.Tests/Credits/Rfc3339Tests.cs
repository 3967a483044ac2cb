using AX2Caption.Api.Credits;

namespace AX2Caption.Api.Tests.Credits;

public sealed class Rfc3339Tests
{
    [Theory]
    [InlineData("2026-11-25T09:30:00Z", "2026-11-25T09:30:00.0000000+00:00")]
    [InlineData("2026-11-25t09:30:00z", "2026-11-25T09:30:00.0000000+00:00")]
    [InlineData("2026-11-25T09:30:00.5Z", "2026-11-25T09:30:00.5000000+00:00")]
    [InlineData("2026-11-25T09:30:00.123456Z", "2026-11-25T09:30:00.1234560+00:00")]
    [InlineData("2026-11-25T01:30:00+09:00", "2026-11-24T16:30:00.0000000+00:00")]
    [InlineData("2026-11-25T22:30:00-02:30", "2026-11-26T01:00:00.0000000+00:00")]
    [InlineData("2024-02-29T00:00:00-00:00", "2024-02-29T00:00:00.0000000+00:00")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.0000000+00:00")]
    [InlineData("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.9999990+00:00")]
    public void Read_ATime_IsInUtc(string text, string expected)
    {
        Assert.Equal(expected, $"{Rfc3339.Read(text):O}");
    }

    [Theory]
    [InlineData("2026-11-25T09:30:00.1234561Z")]
    [InlineData("2026-11-25T09:30:00.1234569Z")]
    public void Read_FinerThanAMicrosecond_IsRoundedUp(string text)
    {
        Assert.Equal("2026-11-25T09:30:00.1234570+00:00", $"{Rfc3339.Read(text):O}");
    }

    [Fact]
    public void Read_Nothing_IsNoTime() => Assert.Null(Rfc3339.Read(null));

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("2026-11-25")]
    [InlineData("2026-11-25T09:30:00")]
    [InlineData("2026-11-25 09:30:00Z")]
    [InlineData("2026-11-25T09:30Z")]
    [InlineData("2026-11-25T09:30:00.Z")]
    [InlineData("2026-11-25T09:30:00.12345678Z")]
    [InlineData("2026-11-25T09:30:00+0900")]
    [InlineData("2026-11-25T09:30:00 09:00")]
    [InlineData("2026-11-25T09:30:00+15:00")]
    [InlineData("2026-02-29T00:00:00Z")]
    [InlineData("2026-13-01T00:00:00Z")]
    [InlineData("2026-11-25T24:01:00Z")]
    [InlineData("2026-11-25T23:59:60Z")]
    [InlineData("２026-11-25T09:30:00Z")]
    [InlineData("2026-11-25T09:30:00Z\n")]
    [InlineData(" 2026-11-25T09:30:00Z")]
    [InlineData("0001-01-01T00:00:00+01:00")]
    [InlineData("9999-12-31T23:59:59-01:00")]
    [InlineData("9999-12-31T23:59:59.9999999Z")]
    public void TryRead_AnythingElse_IsNoTime(string text)
    {
        Assert.False(Rfc3339.TryRead(text, out _));
        Assert.False(new TimeAttribute().Accepts(text));
    }
}
