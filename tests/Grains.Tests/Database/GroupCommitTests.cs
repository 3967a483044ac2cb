using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Database;
using AX2Caption.Testing;
using Npgsql;

namespace AX2Caption.Grains.Tests.Database;

public sealed class GroupCommitTests : IAsyncDisposable
{
    private const int MaximumPending = 1000;

    // The longest that a test waits for what ends by itself.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // Longer than any test.
    private static readonly TimeSpan AnHour = TimeSpan.FromHours(1);

    private readonly List<IReadOnlyList<int>> commits = [];
    private readonly TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int begun;
    private int mostAtOnce;
    private GroupCommit<int, int> writer = null!;
    private Func<IReadOnlyList<int>, Exception?> refuse = _ => null;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        release.TrySetResult();
        await writer.DisposeAsync();
    }

    [Theory]
    [InlineData(PostgresErrorCodes.CharacterNotInRepertoire)]
    [InlineData(PostgresErrorCodes.UniqueViolation)]
    public async Task Write_OneOfManyRefused_FailsAloneAndIsFoundByHalves(string sqlState)
    {
        const int Culprit = 41;
        var items = await Together(64);
        refuse = batch => batch.Contains(Culprit) ? Fault(sqlState) : null;

        release.SetResult();

        await AssertAllButOneWritten(items, Culprit, sqlState);
        // All, and at each of six steps down both halves.
        Assert.Equal(1 + (2 * 6), commits.Count(commit => !commit.Contains(0)));
    }

    [Fact]
    public async Task Write_OneOfManyWhoseRowIsHeld_FailsAloneAndIsWaitedForTwice()
    {
        const int Culprit = 41;
        var items = await Together(64);
        refuse = batch => batch.Contains(Culprit) ? Fault(PostgresErrorCodes.LockNotAvailable) : null;

        release.SetResult();

        await AssertAllButOneWritten(items, Culprit, PostgresErrorCodes.LockNotAvailable);
        Assert.Equal(2, commits.Count(commit => commit.Contains(Culprit)));
    }

    [Fact]
    public async Task Write_WhatSaysNothingOfTheItems_FailsAllAtOnce()
    {
        var items = await Together(8);
        refuse = batch => batch.Contains(3) ? Fault(PostgresErrorCodes.AdminShutdown) : null;

        release.SetResult();

        foreach (var item in items.Skip(1))
            await Assert.ThrowsAsync<PostgresException>(() => item.WaitAsync(Patience, Ct));
        Assert.Single(commits, commit => commit.Contains(3));
    }

    [Fact]
    public async Task Write_AsManyAsMayWait_AreTakenAndOneMoreIsNot()
    {
        var items = await Together(4, maximumPending: 5);

        await Assert.ThrowsAsync<ServiceUnavailableException>(() => writer.Write(6).WaitAsync(Patience, Ct));

        release.SetResult();
        Assert.Equal(items.Count, (await Task.WhenAll(items).WaitAsync(Patience, Ct)).Length);
        // There is room again, for as many: also after what was refused and what failed.
        refuse = batch => batch.Contains(7) ? Fault(PostgresErrorCodes.UniqueViolation) : null;
        await Assert.ThrowsAsync<PostgresException>(() => writer.Write(7).WaitAsync(Patience, Ct));
        var again = await Task.WhenAll(Enumerable.Range(8, 5).Select(writer.Write)).WaitAsync(Patience, Ct);
        Assert.Equal([8, 9, 10, 11, 12], again);
        Assert.DoesNotContain(commits, commit => commit.Contains(6));
    }

    [Fact]
    public async Task Write_BehindCommitsThatAreHeldUp_GoesOnBesideThreeOfThemAndNotBesideFour()
    {
        var items = await Together(0, patience: TimeSpan.Zero);
        for (var next = 1; next < 4; next++)
        {
            items.Add(writer.Write(next));
            await Until(() => Volatile.Read(ref begun) == items.Count);
        }

        // Another's whole turn: if the first of these could be begun by itself, it would be.
        items.Add(writer.Write(4));
        await using (var other = new GroupCommit<int, int>(Task.FromResult, KeyOf, new GroupLimits(1, 1, TimeSpan.Zero, TimeSpan.Zero)))
            await other.Write(0).WaitAsync(Ct);
        items.Add(writer.Write(5));
        release.SetResult();

        var written = await Task.WhenAll(items).WaitAsync(Ct);
        Assert.Equal([0, 1, 2, 3, 4, 5], written);
        Assert.Equal(4, mostAtOnce);
        Assert.Equal([4, 5], commits.Single(commit => commit.Contains(4)));
    }

    [Fact]
    public async Task Write_BehindACommitThatSeveralShared_WaitsForThePaceAndGathersMeanwhile()
    {
        var items = await Together(2, pace: AnHour);
        release.SetResult();
        await Task.WhenAll(items).WaitAsync(Patience, Ct);

        items.AddRange([writer.Write(3), writer.Write(4)]);
        // Another's whole turn: if one of these could be begun by now, it would be.
        await using (var other = new GroupCommit<int, int>(Task.FromResult, KeyOf, new GroupLimits(1, 1, TimeSpan.Zero, TimeSpan.Zero)))
            await other.Write(0).WaitAsync(Ct);
        Assert.Equal(2, begun);
        // Who stops waits for no pace.
        await writer.DisposeAsync().AsTask().WaitAsync(Patience, Ct);

        Assert.Equal([[0], [1, 2], [3, 4]], commits);
    }

    [Fact]
    public async Task Write_BehindACommitOfOneAlone_WaitsForNoPace()
    {
        var items = await Together(0, pace: AnHour);
        release.SetResult();

        for (var next = 1; next < 4; next++)
        {
            await items[^1].WaitAsync(Patience, Ct);
            items.Add(writer.Write(next));
        }

        var written = await Task.WhenAll(items).WaitAsync(Patience, Ct);
        Assert.Equal([0, 1, 2, 3], written);
    }

    /// <summary>So many items that wait together behind the first, whose commit is under way until it is released.</summary>
    private async Task<List<Task<int>>> Together(int count, int maximumPending = MaximumPending, TimeSpan? patience = null, TimeSpan pace = default)
    {
        writer = new GroupCommit<int, int>(Commit, KeyOf, new GroupLimits(256, maximumPending, patience ?? Timeout.InfiniteTimeSpan, pace));
        var ahead = writer.Write(0);
        await first.Task.WaitAsync(Patience, Ct);
        List<Task<int>> items = [ahead, .. Enumerable.Range(1, count).Select(writer.Write)];
        return items;
    }

    private static Guid KeyOf(int item) => new(item, 0, 0, new byte[8]);

    private async Task<IReadOnlyList<int>> Commit(IReadOnlyList<int> batch)
    {
        lock (commits)
        {
            begun++;
            mostAtOnce = Math.Max(mostAtOnce, begun - commits.Count);
        }

        first.TrySetResult();
        await release.Task;
        lock (commits)
            commits.Add(batch);
        return refuse(batch) is { } fault ? throw fault : batch;
    }

    private static async Task AssertAllButOneWritten(List<Task<int>> items, int culprit, string sqlState)
    {
        for (var i = 0; i < items.Count; i++)
        {
            if (i == culprit)
                Assert.Equal(sqlState, (await Assert.ThrowsAsync<PostgresException>(() => items[culprit].WaitAsync(Patience, Ct))).SqlState);
            else
                Assert.Equal(i, await items[i].WaitAsync(Patience, Ct));
        }
    }

    private static Task Until(Func<bool> condition) => Polling.Until(condition, Ct);

    private static PostgresException Fault(string sqlState) => new("Refused.", "ERROR", "ERROR", sqlState);
}
