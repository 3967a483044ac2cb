using AX2Caption.Grains.Abstractions.Uploads;
using AX2Caption.Grains.Uploads;

namespace AX2Caption.Grains.Tests.Uploads;

public sealed class UploadTests
{
    private static readonly DateTimeOffset Begin = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Guid Ada = Guid.CreateVersion7();
    private static readonly Guid Eve = Guid.CreateVersion7();
    private static readonly UploadOptions Options = new();

    private static readonly Upload New = new(
        Guid.CreateVersion7(), Guid.CreateVersion7(), IsOpen: true, Length: 100, new UploadProgress(0, null), Metadata: null, PartBytes: null,
        Writer: null, WriterIsLive: false, Begin, Begin + Options.ExpireAfter);

    [Fact]
    public void TakenBy_OneOfTwo_KeepsTheOtherOutWhileItLives()
    {
        var taken = New.TakenBy(Ada)!;

        Assert.Null(taken.TakenBy(Eve));
        Assert.NotNull(taken.TakenBy(Ada));
        Assert.Equal(Eve, (taken with { WriterIsLive = false }).TakenBy(Eve)!.Writer);
    }

    [Fact]
    public void TakenBy_OfAnUploadThatIsCompleteOrClosed_DoesNotApply()
    {
        Assert.Null((New with { Progress = new UploadProgress(100, null) }).TakenBy(Ada));
        Assert.Null((New with { IsOpen = false }).TakenBy(Ada));
    }

    [Fact]
    public void Extended_ByTheWriter_MovesOnAndLivesLonger()
    {
        var extended = New.TakenBy(Ada)!.Extended(Ada, new UploadProgress(40, "s"), Begin.AddHours(5), Options)!;

        Assert.Equal((new UploadProgress(40, "s"), Begin.AddHours(29), Ada), (extended.Progress, extended.ExpiresAt, extended.Writer));
    }

    [Fact]
    public void Extended_ByAnother_DoesNotApply() =>
        Assert.Null(New.TakenBy(Ada)!.Extended(Eve, new UploadProgress(40, null), Begin, Options));

    [Fact]
    public void Extended_ByAWordThatComesLate_TakesNothingBack()
    {
        var extended = New.TakenBy(Ada)!.Extended(Ada, new UploadProgress(40, "new"), Begin, Options)!;

        Assert.Equal(new UploadProgress(40, "new"), extended.Extended(Ada, new UploadProgress(20, "old"), Begin, Options)!.Progress);
    }

    [Fact]
    public void Extended_WithoutProgress_DoesNotLiveLonger() =>
        Assert.Equal(New.ExpiresAt, New.TakenBy(Ada)!.Extended(Ada, new UploadProgress(0, null), Begin.AddHours(5), Options)!.ExpiresAt);

    [Fact]
    public void Extended_BeyondTheLength_DoesNotApply() =>
        Assert.Null(New.TakenBy(Ada)!.Extended(Ada, new UploadProgress(101, null), Begin, Options));

    [Fact]
    public void Extended_NearTheGreatestAge_LivesNoLongerThanThat() => Assert.Equal(
        Begin + Options.MaximumAge,
        New.TakenBy(Ada)!.Extended(Ada, new UploadProgress(1, null), Begin + Options.MaximumAge - TimeSpan.FromHours(1), Options)!.ExpiresAt);

    [Fact]
    public void Released_ByTheWriter_LetsOthersIn()
    {
        var released = New.TakenBy(Ada)!.Released(Ada, new UploadProgress(40, null), Begin, Options)!;

        Assert.Null(released.Writer);
        Assert.NotNull(released.TakenBy(Eve));
        Assert.Null(released.Released(Ada, new UploadProgress(40, null), Begin, Options));
    }

    [Fact]
    public void IsExpired_AtTheEdge_IsOver()
    {
        Assert.False(New.IsExpired(New.ExpiresAt - TimeSpan.FromTicks(1)));
        Assert.True(New.IsExpired(New.ExpiresAt));
    }
}
