using System.Runtime.InteropServices;
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

    /// <summary>
    /// Processor time, as the thread itself has used it: it does not depend on who else uses the machine. Each kind is measured many
    /// times in turn with the others and their medians compared, with room for half as much again; a kind whose hash were not compared at
    /// all, or with a factor that is lower by one, would differ by half or more.
    /// </summary>
    /// <summary>
    /// The processor time of this thread alone: it does not depend on who else uses the machine. Each kind of hash is measured
    /// several times in turn with the others, and their medians are compared, with room for two fifths. A hash that were not compared
    /// at all, or by a factor that is off by one, would differ by half or more.
    /// </summary>
    [Fact]
    public void Compare_WrongPassword_TakesTheSameWorkForNobodyAndForHashesOfAnyFactor()
    {
        const int WorkFactor = 9;
        const int Rounds = 9;
        using var hashing = New(WorkFactor);
        string?[] stored = [null, .. Enumerable.Range(Least, WorkFactor - Least + 1).Select(factor => Bcrypt.HashPassword(Other, factor))];
        var times = stored.Select(_ => new List<TimeSpan>()).ToList();

        hashing.Compare(Digest, stored: null); // compiled before it is measured
        for (var round = 0; round < Rounds; round++)
        {
            for (var kind = 0; kind < stored.Length; kind++)
            {
                var before = ProcessorTime();
                Assert.IsType<PasswordVerdict.Wrong>(hashing.Compare(Digest, stored[kind]));
                times[kind].Add(ProcessorTime() - before);
            }
        }

        var medians = times.Select(of => of.Order().ElementAt(Rounds / 2)).ToList();
        Assert.All(medians, median => Assert.InRange(median / medians[0], 1 / 1.4, 1.4));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 3)]
    [InlineData(2, 1)]
    public async Task Verify_MoreAtOnceThanMayBeUnderWay_IsBusyForTheRestAndFreeAfterwards(int concurrent, int waiting)
    {
        // So much work that none ends before all have been asked for.
        using var hashing = New(workFactor: 13, concurrent, waiting);

        var verdicts = await Task.WhenAll(Enumerable.Range(0, concurrent + waiting + 5).Select(_ => hashing.Verify(Digest, stored: null)));

        Assert.Equal(concurrent + waiting, verdicts.Count(verdict => verdict is PasswordVerdict.Wrong));
        Assert.Equal(5, verdicts.Count(verdict => verdict is PasswordVerdict.Busy));
        Assert.Equal(new PasswordVerdict.Wrong(), await hashing.Verify(Digest, stored: null));
    }

    [Fact]
    public async Task Hash_WhenBusy_IsNothing()
    {
        using var hashing = New(workFactor: 13, concurrent: 1, waiting: 0);
        var first = hashing.Verify(Digest, stored: null);

        Assert.Null(await hashing.Hash(Digest));

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

    private static PasswordHashing New(int workFactor = Least, int concurrent = 1, int waiting = 100) => new(Options.Create(
        new PasswordOptions { WorkFactor = workFactor, MaximumConcurrent = concurrent, MaximumWaiting = waiting }));

    /// <summary>What this thread has used of a processor.</summary>
    private static TimeSpan ProcessorTime()
    {
        const int ThreadClock = 3; // CLOCK_THREAD_CPUTIME_ID
        Assert.Equal(0, GetTime(ThreadClock, out var time));
        return TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1_000.0);
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetTime(int clock, out Timespec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
