using AX2Caption.Api.Jobs;
using Microsoft.Net.Http.Headers;

namespace AX2Caption.Api.Tests.Jobs;

public sealed class CaptionFileNameTests
{
    private static readonly Guid Job = Guid.Parse("0199c3a4-5b6c-7d8e-9f00-112233445566");

    [Theory]
    [InlineData("en", "en")]
    [InlineData("zh-Hant-TW", "zh-Hant-TW")]
    [InlineData("en_US", "en_US")]
    [InlineData("en\"; filename=\"evil.exe", "enfilenameevilexe")]
    [InlineData("../../etc/passwd", "etcpasswd")]
    [InlineData("..\\..\\x", "x")]
    [InlineData("en\r\nSet-Cookie: a=b", "enSet-Cookieab")]
    [InlineData("en%00.exe", "en00exe")]
    [InlineData("e\u202En", "en")]
    [InlineData("en ", "en")]
    [InlineData("x-" + "0123456789012345678901234567890123456789012345678901234567890123456789",
        "x-01234567890123456789012345678901234567890123456789012345678901")]
    public void Of_AnyLanguage_KeepsWhatIsHarmless(string language, string kept) =>
        Assert.Equal($"{Job}.{kept}.srt", CaptionFileName.Of(Job, language, "srt"));

    [Theory]
    [InlineData("")]
    [InlineData("한국어")]
    [InlineData("../..")]
    public void Of_NothingHarmless_GoesWithoutALanguage(string language) => Assert.Equal($"{Job}.vtt", CaptionFileName.Of(Job, language, "vtt"));

    [Theory]
    [InlineData("en")]
    [InlineData("en\"; filename=\"evil.exe")]
    [InlineData("한국어")]
    public void Of_AnyLanguage_NeedsNoEscapesInAHeader(string language)
    {
        var name = CaptionFileName.Of(Job, language, "srt");
        var header = new ContentDispositionHeaderValue("attachment");

        header.SetHttpFileName(name);

        Assert.Equal($"attachment; filename={name}; filename*=UTF-8''{name}", header.ToString());
    }
}
