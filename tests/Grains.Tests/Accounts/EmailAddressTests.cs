using System.Text;
using AX2Caption.Grains.Abstractions.Accounts;

namespace AX2Caption.Grains.Tests.Accounts;

public sealed class EmailAddressTests
{
    [Theory]
    [InlineData("ada@example.com", "ada@example.com")]
    [InlineData("  Ada.Lovelace@Example.COM\t", "ada.lovelace@example.com")]
    [InlineData("ADA+news@example.com", "ada+news@example.com")]
    [InlineData("한글@보기.한국", "한글@xn--ok0b03z.xn--3e0b707e")]
    [InlineData("ada@보기.한국", "ada@xn--ok0b03z.xn--3e0b707e")]
    [InlineData("ada@BÜCHER.example", "ada@xn--bcher-kva.example")]
    [InlineData("ada@bücher.example", "ada@XN--BCHER-KVA.example")]
    [InlineData("ÄDA@example.com", "äda@example.com")]
    public void Read_OneAddressTypedInTwoWays_HasOneKey(string one, string another) =>
        Assert.Equal(EmailAddress.Read(one)!.Key, EmailAddress.Read(another)!.Key);

    [Fact]
    public void Read_HangulAsOneCharacterOrInItsParts_IsTheSame()
    {
        const string Composed = "한글@보기.한국";
        var parts = Composed.Normalize(NormalizationForm.FormD);
        Assert.NotEqual(Composed.Length, parts.Length);

        Assert.Equal(EmailAddress.Read(Composed), EmailAddress.Read(parts));
        Assert.Equal(Composed, EmailAddress.Read(parts)!.Text);
    }

    [Theory]
    [InlineData("ada@example.com", "adb@example.com")]
    [InlineData("ada@example.com", "ada@example.org")]
    [InlineData("a.da@example.com", "ada@example.com")]
    [InlineData("ada+1@example.com", "ada@example.com")]
    [InlineData("ада@example.com", "ada@example.com")]
    public void Read_TwoAddresses_HaveTwoKeys(string one, string another) =>
        Assert.NotEqual(EmailAddress.Read(one)!.Key, EmailAddress.Read(another)!.Key);

    [Fact]
    public void Read_Text_IsAsItWasTypedWithoutBlanksAround() =>
        Assert.Equal("Ada@Example.com", EmailAddress.Read(" Ada@Example.com ")!.Text);

    [Fact]
    public void Read_Key_IsHexadecimalInSmallLetters() => Assert.Matches("^[0-9a-f]{64}$", EmailAddress.Read("ada@example.com")!.Key);

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("@")]
    [InlineData("ada")]
    [InlineData("ada@")]
    [InlineData("@example.com")]
    [InlineData("ada@example")]
    [InlineData("ada@example.com.")]
    [InlineData("ada@.example.com")]
    [InlineData("ada@example..com")]
    [InlineData("ada@-example.com")]
    [InlineData("ada@exam_ple.com")]
    [InlineData("ada@exam ple.com")]
    [InlineData("ada@[192.0.2.1]")]
    [InlineData("ada@example.com\r\nBcc: eve@example.com")]
    [InlineData("ada\r\n@example.com")]
    [InlineData("ada\0@example.com")]
    [InlineData("a da@example.com")]
    [InlineData("ada@eve@example.com")]
    [InlineData("\"ada\"@example.com")]
    [InlineData("Ada <ada@example.com>")]
    [InlineData("ada,eve@example.com")]
    [InlineData("ada;eve@example.com")]
    [InlineData(".ada@example.com")]
    [InlineData("ada.@example.com")]
    [InlineData("a..da@example.com")]
    [InlineData("ada(comment)@example.com")]
    [InlineData("ada\u200b@example.com")]
    [InlineData("ada\u202e@example.com")]
    public void Read_WhatNoMailCouldGoTo_IsNothing(string typed) => Assert.Null(EmailAddress.Read(typed));

    [Fact]
    public void Read_HalfACharacter_IsNothing()
    {
        // Not in attributes, which cannot hold them.
        Assert.Null(EmailAddress.Read("ada\ud800@example.com"));
        Assert.Null(EmailAddress.Read("ada@\udc00example.com"));
    }

    [Fact]
    public void Read_LongOnes_AreTakenUpToTheLengthsOfSmtp()
    {
        var label = new string('a', 63);
        Assert.NotNull(EmailAddress.Read($"{new string('a', 64)}@example.com"));
        Assert.Null(EmailAddress.Read($"{new string('a', 65)}@example.com"));
        Assert.NotNull(EmailAddress.Read($"ada@{label}.com"));
        Assert.Null(EmailAddress.Read($"ada@{label}a.com"));

        var longest = $"{new string('a', 62)}@{label}.{label}.{new string('a', 59)}.com";
        Assert.Equal(EmailAddress.MaximumLength, longest.Length);
        Assert.NotNull(EmailAddress.Read(longest));
        Assert.Null(EmailAddress.Read($"a{longest}"));
    }
}
