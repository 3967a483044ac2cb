using AX2Caption.Api.Uploads;
using AX2Caption.Storage;
using Microsoft.Extensions.Time.Testing;

namespace AX2Caption.Api.Tests.Uploads;

public sealed class WriterLeaseTests
{
    private readonly FakeTimeProvider clock = new();

    [Fact]
    public async Task WhileReading_WhatIsThere_RenewsNothing()
    {
        using var lease = Lease();

        Assert.Equal(7, await lease.WhileReading(ValueTask.FromResult(7), () => throw new InvalidOperationException("Nothing is due.")));
    }

    [Fact]
    public async Task WhileReading_ACheckpointThatFails_EndsTheReadFirst()
    {
        using var lease = Lease();
        var read = new TaskCompletionSource<int>();
        using var ending = lease.Lost.Register(() => read.TrySetCanceled());
        clock.Advance(TimeSpan.FromSeconds(2));

        var reading = lease.WhileReading(new ValueTask<int>(read.Task), () => Task.FromException<WriteCheckpoint>(new IOException("The disk is gone."))).AsTask();

        var fault = await Assert.ThrowsAsync<CheckpointFailedException>(() => reading.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
        Assert.Equal("The disk is gone.", fault.InnerException!.Message);
        Assert.True(read.Task.IsCanceled);
    }

    private WriterLease Lease() => new(cluster: null!, Guid.CreateVersion7(), Guid.CreateVersion7(), TimeSpan.FromSeconds(6), clock);
}
