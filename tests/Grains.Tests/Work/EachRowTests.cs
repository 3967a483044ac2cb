using AX2Caption.Grains.Work;

namespace AX2Caption.Grains.Tests.Work;

public sealed class EachRowTests
{
    [Fact]
    public async Task Finish_WithARowThatCannotBeFinished_FinishesTheOthersAndReportsIt()
    {
        var finished = new List<int>();

        var thrown = await Assert.ThrowsAsync<AggregateException>(() => EachRow.Finish([1, 2, 3], row =>
        {
            finished.Add(row == 1 ? throw new InvalidOperationException("no") : row);
            return Task.CompletedTask;
        }));

        Assert.Equal([2, 3], finished);
        Assert.IsType<InvalidOperationException>(Assert.Single(thrown.InnerExceptions));
    }
}
