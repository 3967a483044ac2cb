using static AX2Caption.Captions.Tests.Speech;

namespace AX2Caption.Captions.Tests.Layout;

public sealed class LayoutProfilesTests
{
    [Theory]
    [InlineData("netflix-en", 42, 2, 833, 7000, 83, 500)]
    [InlineData("netflix-ko", 16, 2, 833, 7000, 83, 500)]
    [InlineData("bbc", 37, 2, 0, 7000, 0, 1000)]
    [InlineData("shorts", 24, 2, 700, 5000, 0, 500)]
    public void Profile_OfEachName_HasThePublishedNumbers(string name, int characters, int lines, int minMs, int maxMs, int gapMs, int closeMs)
    {
        Assert.True(LayoutProfiles.TryGet(name, out var profile));
        Assert.Equal(
            (characters, lines, Ms(minMs), Ms(maxMs), Ms(gapMs), Ms(closeMs), Ms(500)),
            (profile.CharactersPerLine, profile.Lines, profile.MinDuration, profile.MaxDuration, profile.Gap, profile.CloseGapsBelow, profile.Linger));
    }

    [Theory]
    [InlineData("netflix-en", 40, 8, 2000)]
    [InlineData("netflix-ko", 24, 8, 2000)]
    [InlineData("bbc", 40, 9, 3000)]
    [InlineData("shorts", 50, 8, 2000)]
    public void ReadingSpeed_OfEachProfile_CountsInItsOwnUnit(string name, double characters, int words, int expectedMs)
    {
        Assert.True(LayoutProfiles.TryGet(name, out var profile));
        Assert.Equal(expectedMs, profile.ReadingSpeed.TimeFor(characters, words).TotalMilliseconds, 0.1);
    }

    [Fact]
    public void Bbc_MinimumDuration_IsCountedByWords() =>
        Assert.Equal(Ms(300), LayoutProfiles.Bbc.MinDurationPerWord);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("NETFLIX-EN")]
    [InlineData("cinema")]
    public void TryGet_UnknownName_FindsNothing(string? name)
    {
        Assert.False(LayoutProfiles.TryGet(name, out var profile));
        Assert.Null(profile);
    }

    [Fact]
    public void All_Names_AreUnique() =>
        Assert.Equal(["netflix-en", "netflix-ko", "bbc", "shorts"], LayoutProfiles.All.Select(profile => profile.Name));

    [Theory]
    [InlineData("ko", "netflix-ko")]
    [InlineData("KO-kr", "netflix-ko")]
    [InlineData("kok", "netflix-en")]
    [InlineData("en-GB", "netflix-en")]
    [InlineData("fr", "netflix-en")]
    [InlineData("", "netflix-en")]
    public void DefaultFor_Language_GoesByItsPrimarySubtag(string language, string expected) =>
        Assert.Equal(expected, LayoutProfiles.DefaultFor(language).Name);
}
