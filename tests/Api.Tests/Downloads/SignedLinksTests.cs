using System.Security.Cryptography;
using AX2Caption.Api.Downloads;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Sessions;
using AX2Caption.Grains.Abstractions.Videos;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AX2Caption.Api.Tests.Downloads;

public sealed class SignedLinksTests : IDisposable
{
    private static readonly Guid Video = Guid.Parse("019dffff-0000-7000-8000-000000000001");

    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 3, 1, 0, 0, 0, 500, TimeSpan.Zero));
    private readonly string pepper = Path.GetTempFileName();

    public SignedLinksTests() => File.WriteAllText(pepper, Convert.ToBase64String(new byte[32]));

    public void Dispose() => File.Delete(pepper);

    [Fact]
    public void Link_UntilItsLastSecond_Works()
    {
        var links = Links();
        var (expires, signature) = Parts(links.Make(Video, VideoFile.Source, links.NextExpiry()));

        Assert.Null(links.Refuse(Video, VideoFile.Source, expires, signature));
        clock.SetUtcNow(DateTimeOffset.FromUnixTimeSeconds(expires).AddTicks(-1));
        Assert.Null(links.Refuse(Video, VideoFile.Source, expires, signature));
        clock.SetUtcNow(DateTimeOffset.FromUnixTimeSeconds(expires));
        Assert.Equal(ErrorTable.LinkExpired, links.Refuse(Video, VideoFile.Source, expires, signature)!.Error);
    }

    [Fact]
    public void Link_OfAnotherProcessWithTheSamePepper_Works()
    {
        var (expires, signature) = Parts(Links().Make(Video, VideoFile.Thumbnail, Links().NextExpiry()));

        Assert.Null(Links().Refuse(Video, VideoFile.Thumbnail, expires, signature));
    }

    [Theory]
    [InlineData("")]
    [InlineData("A")]
    [InlineData("====")]
    [InlineData("not base64")]
    public void Signature_ThatIsNone_IsRefused(string signature) =>
        Assert.Equal(ErrorTable.LinkInvalid, Links().Refuse(Video, VideoFile.Source, long.MaxValue, signature)!.Error);

    [Fact]
    public void Signature_OfThePepperItself_IsRefused()
    {
        var expires = Links().NextExpiry().ToUnixTimeSeconds();
        var forged = HMACSHA256.HashData(new byte[32], System.Text.Encoding.ASCII.GetBytes($"{Video}/content/{expires}"));

        Assert.Equal(ErrorTable.LinkInvalid, Links().Refuse(Video, VideoFile.Source, expires, WebEncoders.Base64UrlEncode(forged))!.Error);
    }

    private SignedLinks Links() => new(
        Options.Create(new AuthOptions { PepperPath = pepper }), Options.Create(new DownloadOptions()), clock);

    private static (long Expires, string Signature) Parts(string link)
    {
        var query = QueryHelpers.ParseQuery(link.Split('?')[1]);
        return (long.Parse(query["expires"].ToString(), null), query["signature"].ToString());
    }
}
