using AX2Caption.Grains.Transcription.OpenAi;

namespace AX2Caption.Grains.Tests.Transcription.OpenAi;

public sealed class SpokenLanguagesTests
{
    [Theory]
    [InlineData("korean", "ko")]
    [InlineData("English", "en")]
    [InlineData("haitian creole", "ht")]
    [InlineData("ko", "ko")]
    [InlineData("KO", "ko")]
    [InlineData("zh_TW", "zh")]
    [InlineData("pt-BR", "pt")]
    [InlineData("jw", "jv")]
    [InlineData("yue", "yue")]
    [InlineData("klingon", "und")]
    [InlineData("", "und")]
    [InlineData(null, "und")]
    public void TagOf_WhatServersSay_IsATag(string? name, string tag) => Assert.Equal(tag, SpokenLanguages.TagOf(name));
}
