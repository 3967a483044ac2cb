using System.Threading.Channels;
using AX2Caption.Api.Uploads;
using AX2Caption.Grains.Abstractions.Uploads;
using AX2Caption.Storage;
using Microsoft.Extensions.Time.Testing;

namespace AX2Caption.Api.Tests.Uploads;

public sealed class WriterLeaseTests
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(6);

    private readonly FakeTimeProvider clock = new();
    private readonly Channel<UploadProgress> said = Channel.CreateUnbounded<UploadProgress>();
    private WriterStanding standing;

    [Fact]
    public async Task WhileReading_WhatIsThere_SaysNothing()
    {
        await using var lease = Lease();

        Assert.Equal(7, await lease.WhileReading(ValueTask.FromResult(7), () => throw new InvalidOperationException("Nothing is due.")));

        Assert.False(said.Reader.TryRead(out _));
    }

    [Fact]
    public async Task WhileReading_WhatTakesLong_SaysHowFarItIsThreeTimesWithinTheLease()
    {
        await using var lease = Lease();
        var read = new TaskCompletionSource<int>();
        var reached = 0L;

        var reading = lease.WhileReading(new ValueTask<int>(read.Task), () => Task.FromResult(new WriteCheckpoint(++reached, "s"))).AsTask();
        for (var renewal = 1; renewal <= 3; renewal++)
        {
            clock.Advance(Length / 3);
            await Heard(progress => progress.Written == renewal);
        }

        read.SetResult(5);
        Assert.Equal(5, await reading.WaitAsync(Bound, Cancellation));
    }

    [Fact]
    public async Task Lease_WhileNothingIsRead_IsSaidToBeHeldAllTheSame()
    {
        await using var lease = Lease();

        clock.Advance(Length / 2);

        await Heard(progress => progress.Written == 0);
    }

    [Fact]
    public async Task Lost_WhenAnotherWriterHoldsTheUpload_Ends()
    {
        await using var lease = Lease();
        standing = WriterStanding.Replaced;
        var lost = new TaskCompletionSource();
        using var _ = lease.Lost.Register(lost.SetResult);

        clock.Advance(Length / 2);

        await lost.Task.WaitAsync(Bound, Cancellation);
    }

    [Fact]
    public async Task WhileReading_ACheckpointThatFails_EndsTheReadFirst()
    {
        await using var lease = Lease();
        var read = new TaskCompletionSource<int>();
        using var ending = lease.Lost.Register(() => read.TrySetCanceled());

        var reading = lease.WhileReading(
            new ValueTask<int>(read.Task), () => Task.FromException<WriteCheckpoint>(new IOException("The disk is gone."))).AsTask();
        clock.Advance(Length / 3);

        var fault = await Assert.ThrowsAsync<CheckpointFailedException>(() => reading.WaitAsync(Bound, Cancellation));
        Assert.Equal("The disk is gone.", fault.InnerException!.Message);
        Assert.True(read.Task.IsCanceled);
    }

    private static TimeSpan Bound => TimeSpan.FromMinutes(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private WriterLease Lease() => new(Say, Length, new UploadProgress(0, null), clock);

    private Task<WriterStanding> Say(UploadProgress progress, CancellationToken cancellationToken)
    {
        said.Writer.TryWrite(progress);
        return Task.FromResult(standing);
    }

    private async Task Heard(Func<UploadProgress, bool> wanted)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(Bound);
        while (!wanted(await said.Reader.ReadAsync(limit.Token)))
        {
        }
    }
}
