using AX2Caption.Api.Credits;
using AX2Caption.Grains.Abstractions.Credits;

namespace AX2Caption.Api.Tests.Credits;

public sealed class WireNameTests
{
    [Fact]
    public void All_Kinds_AreTheDocumentedNames() => Assert.Equal(
        ["grant", "reserve", "settle", "release", "expire", "extend", "refund", "adjust", "lapse", "transfer_out", "transfer_in"],
        WireName<CreditEntryKind>.All);

    [Fact]
    public void TryRead_EveryName_GivesItsValueBack() => Assert.All(
        Enum.GetValues<GrantSource>(),
        source =>
        {
            Assert.True(WireName<GrantSource>.TryRead(WireName<GrantSource>.Of(source), out var read));
            Assert.Equal(source, read);
        });

    [Theory]
    [InlineData("")]
    [InlineData("Grant")]
    [InlineData("transferIn")]
    [InlineData("0")]
    [InlineData("grant,settle")]
    public void TryRead_AnythingElse_IsNoName(string name) => Assert.False(WireName<CreditEntryKind>.TryRead(name, out _));
}
