using AX2Caption.Grains.Transcription;
using CsCheck;

namespace AX2Caption.Grains.Tests.Transcription;

public sealed class EngineFramesTests
{
    [Fact]
    public void Frames_Written_AreReadAsTheyWere() => Gen.Byte.Array[0, 500].Array[0, 10].Sample(contents =>
    {
        using var stream = new MemoryStream();
        foreach (var content in contents)
            EngineFrames.Write(stream, content);
        stream.Position = 0;

        foreach (var content in contents)
            Assert.Equal(content, EngineFrames.Read(stream));
        Assert.Null(EngineFrames.Read(stream));
    });

    [Theory]
    [InlineData(new byte[] { 1 })]
    [InlineData(new byte[] { 2, 0, 0, 0, 7 })]
    public void Read_TheEndWithinAFrame_IsToldFromTheEnd(byte[] stream) =>
        Assert.Throws<EndOfStreamException>(() => EngineFrames.Read(new MemoryStream(stream)));

    [Theory]
    [InlineData(new byte[] { 255, 255, 255, 255 })]
    [InlineData(new byte[] { 1, 0, 0, 4 })]
    public void Read_ALengthThatNoFrameHas_IsRefused(byte[] stream) =>
        Assert.Throws<InvalidDataException>(() => EngineFrames.Read(new MemoryStream(stream)));
}
