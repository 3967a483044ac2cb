using AX2Caption.Grains.Abstractions.Work;
using AX2Caption.Grains.Work;

namespace AX2Caption.Grains.Tests.Work;

public sealed class RunningTasksTests
{
    private readonly RunningTasks running = new();

    [Fact]
    public void ATaskUnderASecondLease_IsKeptApartFromItsFirst()
    {
        var first = new TaskLease(Guid.CreateVersion7(), 1, Guid.CreateVersion7());
        var second = first with { Token = Guid.CreateVersion7() };
        using var one = running.Add(first, CancellationToken.None);
        using var other = running.Add(second, CancellationToken.None);

        running.Lose([first]);
        running.Remove(first);

        Assert.Equal((true, false), (one.IsLost, other.IsLost));
        Assert.True(one.Token.IsCancellationRequested);
        Assert.Equal([second], running.Leases);
    }
}
