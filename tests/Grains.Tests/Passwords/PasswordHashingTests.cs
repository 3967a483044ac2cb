using AX2Caption.Grains.Passwords;
using Microsoft.Extensions.Options;
using Bcrypt = BCrypt.Net.BCrypt;

namespace AX2Caption.Grains.Tests.Passwords;

public sealed class PasswordHashingTests
{
    /// <summary>bcrypt's least work factor, so that tests are quick.</summary>
    private const int Least = 4;

    private static readonly string Digest = Digests.Of("correct horse");
    private static readonly string Other = Digests.Of("battery staple");

    [Fact]
    public async Task Verify_ThePassword_IsRight()
    {
        using var hashing = New();
        var hash = await hashing.Hash(Digest);

        Assert.Equal(60, hash!.Length);
        Assert.Equal(new PasswordVerdict.Right(BetterHash: null), await hashing.Verify(Digest, hash));
        Assert.Equal(new PasswordVerdict.Wrong(), await hashing.Verify(Other, hash));
        Assert.Equal(new PasswordVerdict.Wrong(), await hashing.Verify(Digest, stored: null));
    }

    [Fact]
    public async Task Hash_TheSameTwice_IsSaltedEachTime()
    {
        using var hashing = New();
        Assert.NotEqual(await hashing.Hash(Digest), await hashing.Hash(Digest));
    }

    [Fact]
    public async Task Verify_DigestsThatDifferInTheLastCharacterOnly_TellsThemApart()
    {
        using var hashing = New();
        var hash = await hashing.Hash(Digest);

        for (var i = 0; i < Digest.Length; i++)
        {
            var changed = Digest[..i] + (Digest[i] == 'A' ? 'B' : 'A') + Digest[(i + 1)..];
            Assert.Equal(new PasswordVerdict.Wrong(), await hashing.Verify(changed, hash));
        }
    }

    [Fact]
    public async Task Verify_LongHangulThatDiffersAtItsEndOnly_TellsItApart()
    {
        using var hashing = New();
        var (one, another) = (new string('가', 127) + '나', new string('가', 127) + '다');
        var hash = await hashing.Hash(Digests.Of(one));

        Assert.IsType<PasswordVerdict.Right>(await hashing.Verify(Digests.Of(one), hash));
        Assert.IsType<PasswordVerdict.Wrong>(await hashing.Verify(Digests.Of(another), hash));
        // What the digest is for: bcrypt alone takes one for the other.
        Assert.True(Bcrypt.Verify(another, Bcrypt.HashPassword(one, Least)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("password")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123-")]
    [InlineData("012345678901234567890123456789012345678901234567890123456789012")]
    [InlineData("가23456789012345678901234567890123456789012345678901234567890123")]
    public async Task Anything_ThatIsNoDigest_IsRefused(string digest)
    {
        using var hashing = New();

        await Assert.ThrowsAsync<ArgumentException>(() => hashing.Hash(digest));
        await Assert.ThrowsAsync<ArgumentException>(() => hashing.Verify(digest, stored: null));
        await Assert.ThrowsAsync<ArgumentException>(() => hashing.Verify(digest, Bcrypt.HashPassword("x", Least)));
    }

    [Fact]
    public async Task Verify_HashOfALowerWorkFactor_GivesABetterOne()
    {
        using var hashing = New(workFactor: 6);

        var right = Assert.IsType<PasswordVerdict.Right>(await hashing.Verify(Digest, Bcrypt.HashPassword(Digest, Least)));

        Assert.Equal("06", Bcrypt.InterrogateHash(right.BetterHash).WorkFactor);
        Assert.Equal(new PasswordVerdict.Right(BetterHash: null), await hashing.Verify(Digest, right.BetterHash));
    }

    [Fact]
    public async Task Verify_HashOfAHigherWorkFactor_StaysAsItIs()
    {
        using var hashing = New();
        Assert.Equal(new PasswordVerdict.Right(BetterHash: null), await hashing.Verify(Digest, Bcrypt.HashPassword(Digest, 6)));
    }

    /// <summary>Rounds of bcrypt are what an answer's time depends on; counted, they do not depend on who else uses the machine.</summary>
    [Theory]
    [InlineData(Least)]
    [InlineData(9)]
    public void Compare_WrongPassword_TakesTheSameWorkForNobodyAndForHashesOfAnyFactor(int workFactor)
    {
        var bcrypt = new CountingBcrypt();
        using var hashing = New(workFactor, bcrypt: bcrypt);
        string?[] stored = [null, .. Enumerable.Range(Least, workFactor - Least + 1).Select(factor => Bcrypt.HashPassword(Other, factor))];

        Assert.All(stored, hash =>
        {
            bcrypt.Rounds = 0;
            Assert.IsType<PasswordVerdict.Wrong>(hashing.Compare(Digest, hash));
            Assert.Equal(1 << workFactor, bcrypt.Rounds);
        });
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 3)]
    [InlineData(2, 1)]
    public async Task Verify_MoreAtOnceThanMayBeUnderWay_IsBusyForTheRestAndFreeAfterwards(int concurrent, int waiting)
    {
        using var bcrypt = new HeldBcrypt();
        using var hashing = New(concurrent: concurrent, waiting: waiting, bcrypt: bcrypt);

        var asked = Enumerable.Range(0, concurrent + waiting + 5).Select(_ => hashing.Verify(Digest, stored: null)).ToList();
        bcrypt.Release();

        var verdicts = await Task.WhenAll(asked);
        Assert.All(verdicts[..^5], verdict => Assert.IsType<PasswordVerdict.Wrong>(verdict));
        Assert.All(verdicts[^5..], verdict => Assert.IsType<PasswordVerdict.Busy>(verdict));
        Assert.Equal(new PasswordVerdict.Wrong(), await hashing.Verify(Digest, stored: null));
    }

    [Fact]
    public async Task Hash_WhenBusy_IsNothing()
    {
        using var bcrypt = new HeldBcrypt();
        using var hashing = New(concurrent: 1, waiting: 0, bcrypt: bcrypt);
        var first = hashing.Verify(Digest, stored: null);

        Assert.Null(await hashing.Hash(Digest));

        bcrypt.Release();
        await first;
        Assert.NotNull(await hashing.Hash(Digest));
    }

    [Fact]
    public async Task Verify_WhatThrows_GivesItsPlaceBack()
    {
        using var hashing = New(concurrent: 1, waiting: 0);
        for (var i = 0; i < 3; i++)
            await Assert.ThrowsAnyAsync<Exception>(() => hashing.Verify(Digest, "no hash"));

        Assert.Equal(new PasswordVerdict.Wrong(), await hashing.Verify(Digest, stored: null));
    }

    private static PasswordHashing New(int workFactor = Least, int concurrent = 1, int waiting = 100, BcryptFunction? bcrypt = null) => new(
        Options.Create(new PasswordOptions { WorkFactor = workFactor, MaximumConcurrent = concurrent, MaximumWaiting = waiting }),
        bcrypt ?? new BcryptFunction());

    /// <summary>bcrypt, and how much of it was asked for.</summary>
    private sealed class CountingBcrypt : BcryptFunction
    {
        /// <summary>What has been worked, in rounds of bcrypt.</summary>
        public int Rounds { get; set; }

        public override string Hash(string digest, int workFactor)
        {
            Rounds += 1 << workFactor;
            return base.Hash(digest, workFactor);
        }

        public override bool Verify(string digest, string hash)
        {
            Rounds += 1 << WorkFactorOf(hash);
            return base.Verify(digest, hash);
        }
    }

    /// <summary>bcrypt that compares nothing until it is let.</summary>
    private sealed class HeldBcrypt : BcryptFunction, IDisposable
    {
        private readonly ManualResetEventSlim released = new();

        public void Release() => released.Set();

        public void Dispose() => released.Dispose();

        public override bool Verify(string digest, string hash) =>
            released.Wait(TimeSpan.FromMinutes(1)) ? base.Verify(digest, hash) : throw new TimeoutException("Nobody has released it.");
    }
}
