using AX2Caption.Api.Jobs;

namespace AX2Caption.Api.Tests.Jobs;

public sealed class EventIdTests
{
    [Theory]
    [InlineData("0", 0, false)]
    [InlineData("17", 17, false)]
    [InlineData("17-end", 17, true)]
    [InlineData("999999999999999999-end", 999_999_999_999_999_999, true)]
    public void TryParse_WhatWasGivenOut_ReadsBackAsItWas(string text, long number, bool isEnd)
    {
        Assert.True(EventId.TryParse(text, out var id));
        Assert.Equal(new EventId(number, isEnd), id);
        Assert.Equal(text, $"{id}");
        Assert.InRange(text.Length, 1, EventId.MaximumLength);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-end")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1-END")]
    [InlineData("1-end-end")]
    [InlineData("1,000")]
    [InlineData("１")]
    [InlineData("1000000000000000000")]
    public void TryParse_AnythingElse_IsNone(string text) => Assert.False(EventId.TryParse(text, out _));
}
