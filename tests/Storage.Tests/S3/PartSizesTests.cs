using AX2Caption.Storage.S3;

namespace AX2Caption.Storage.Tests.S3;

public sealed class PartSizesTests
{
    private const long Mebibyte = 1024 * 1024;

    [Theory]
    [InlineData(0, 16, 16)]
    [InlineData(1, 16, 16)]
    [InlineData(9_000 * 16 * Mebibyte, 16, 16)]
    [InlineData(9_000 * 16 * Mebibyte + 1, 16, 17)]
    [InlineData(9_000 * 5120 * Mebibyte, 16, 5120)]
    public void For_ALength_IsAsWantedUnlessThatTakesTooManyParts(long length, long wanted, long expected) =>
        Assert.Equal(expected * Mebibyte, PartSizes.For(length, wanted * Mebibyte));

    [Fact]
    public void For_MoreThanAServerHolds_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PartSizes.For((9_000 * PartSizes.Largest) + 1, PartSizes.Smallest));

    [Theory]
    [InlineData(1, 16)]
    [InlineData(1_000, 16)]
    [InlineData(1_001, 32)]
    [InlineData(9_000, 4096)]
    public void OfEndless_Parts_GrowEveryThousand(int number, long expected) =>
        Assert.Equal(expected * Mebibyte, PartSizes.OfEndless(number, 16 * Mebibyte));

    [Fact]
    public void OfEndless_Parts_StayWithinTheProtocolsLimit() =>
        Assert.Equal(PartSizes.Largest, PartSizes.OfEndless(9_000, PartSizes.Largest));
}
