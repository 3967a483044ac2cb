using System.Text;
using AX2Caption.Captions.Tests.Layout;
using CsCheck;
using static AX2Caption.Captions.Tests.Speech;

namespace AX2Caption.Captions.Tests;

public sealed class TranscriptJsonTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Write_Transcript_HasTheDocumentedShape() =>
        Assert.Equal(
            """{"language":"ko","words":[{"text":"안녕","startMs":120,"endMs":481,"confidence":0.93}]}""",
            Encoding.UTF8.GetString(await Written(new Transcript("ko", [new Word("안녕", Ms(120), Ms(480.5), 0.93)]))));

    [Fact]
    public async Task AnyWellFormedTranscript_WrittenAndRead_IsTheSame() =>
        await AnyTranscript.WellFormed(40).SampleAsync(async transcript =>
        {
            var read = await TranscriptJson.ReadAsync(new MemoryStream(await Written(transcript)), Cancellation);
            Assert.Equal(transcript.Language, read.Language);
            Assert.Equal(transcript.Words, read.Words);
        });

    [Fact]
    public async Task Read_MembersFromALaterVersion_ArePassedOver()
    {
        var read = await Read("""{"revision":7,"language":"en","words":[{"text":"hi","startMs":1,"endMs":2,"confidence":1,"speaker":"A"}]}""");
        Assert.Equal(new Word("hi", Ms(1), Ms(2), 1), Assert.Single(read.Words));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"language":"en"}""")]
    [InlineData("""{"language":null,"words":[]}""")]
    [InlineData("""{"language":"en","words":null}""")]
    [InlineData("""{"language":"en","words":[null]}""")]
    [InlineData("""{"language":"en","words":[]} trailing""")]
    [InlineData("""{"language":"en","language":"ko","words":[]}""")]
    [InlineData("""{"language":"en","words":[{"text":"hi","startMs":1,"endMs":2}]}""")]
    [InlineData("""{"language":"en","words":[{"text":"hi","startMs":1.5,"endMs":2,"confidence":1}]}""")]
    [InlineData("""{"language":"en","words":[{"text":"hi","startMs":"1","endMs":2,"confidence":1}]}""")]
    [InlineData("""{"language":"en","words":[{"text":"\ud800","startMs":1,"endMs":2,"confidence":1}]}""")]
    [InlineData("""{"language":"en","words":[{"text":"hi","startMs":1,"endMs":2,"conf""")]
    public async Task Read_WhatIsNoTranscript_IsInvalidData(string json) =>
        await Assert.ThrowsAsync<InvalidDataException>(() => Read(json));

    [Theory]
    [InlineData("\" \"", "1", "2", "1", "has no text")]
    [InlineData("\"hi\"", "-1", "2", "1", "starts before the media")]
    [InlineData("\"hi\"", "3", "2", "1", "ends before it starts")]
    [InlineData("\"hi\"", "3", "9223372036854775807", "1", "ends too late")]
    [InlineData("\"hi\"", "1", "2", "1.01", "confidence")]
    [InlineData("\"hi\"", "1", "2", "-0.1", "confidence")]
    public async Task Read_WordThatCannotBe_IsInvalidDataThatNamesTheWord(string text, string start, string end, string confidence, string reason)
    {
        var good = """{"text":"ok","startMs":0,"endMs":1,"confidence":1}""";
        var bad = $$"""{"text":{{text}},"startMs":{{start}},"endMs":{{end}},"confidence":{{confidence}}}""";
        var thrown = await Assert.ThrowsAsync<InvalidDataException>(() => Read($$"""{"language":"en","words":[{{good}},{{bad}}]}"""));
        Assert.Contains("word 1 ", thrown.Message, StringComparison.Ordinal);
        Assert.Contains(reason, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_InvalidUtf8_IsInvalidData() =>
        await Assert.ThrowsAsync<InvalidDataException>(() => TranscriptJson.ReadAsync(new MemoryStream([0x7b, 0x22, 0xff, 0x22, 0x3a]), Cancellation));

    [Fact]
    public async Task Write_WordThatCouldNotBeReadBack_IsRefusedBeforeAnythingIsWritten()
    {
        using var stream = new MemoryStream();
        var transcript = new Transcript("en", [new Word("hi", Ms(1), Ms(2), double.NaN)]);
        await Assert.ThrowsAsync<ArgumentException>(() => TranscriptJson.WriteAsync(transcript, stream, Cancellation));
        Assert.Equal(0, stream.Length);
    }

    [Fact]
    public async Task Write_ToAStream_LeavesItOpen()
    {
        using var stream = new MemoryStream();
        await TranscriptJson.WriteAsync(new Transcript("en", []), stream, Cancellation);
        Assert.True(stream.CanWrite);
    }

    private static Task<Transcript> Read(string json) => TranscriptJson.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(json)), Cancellation);

    private static async Task<byte[]> Written(Transcript transcript)
    {
        using var stream = new MemoryStream();
        await TranscriptJson.WriteAsync(transcript, stream, Cancellation);
        return stream.ToArray();
    }
}
