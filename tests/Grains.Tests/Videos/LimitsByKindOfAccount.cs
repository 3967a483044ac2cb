using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Abstractions.Videos;
using AX2Caption.Grains.Plans;
using AX2Caption.Grains.Tests.Accounts;
using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Grains.Work;

namespace AX2Caption.Grains.Tests.Videos;

[Collection<MediaCluster>]
public sealed class LimitsByKindOfAccount(ServiceFixture service) : ClusterScenario(service)
{
    public static TheoryData<AccountKind> Kinds => [.. Enum.GetValues<AccountKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_file_may_be_as_large_as_the_plan_says_and_no_byte_larger(AccountKind kind)
    {
        var accountId = await NewAccount(kind);
        var most = PlanOf(kind).MaximumFileBytes;

        Assert.Equal(most, Assert.IsType<BeginUploadResult.Begun>(await Begin(accountId, most)).MaximumLength);
        Assert.Equal(new BeginUploadResult.TooLarge(most), await Begin(accountId, most + 1));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task An_account_may_have_as_many_videos_as_the_plan_says_and_not_one_more(AccountKind kind)
    {
        var accountId = await NewAccount(kind);
        var most = PlanOf(kind).MaximumVideos;
        for (var i = 0; i < most; i++)
            Assert.IsType<BeginUploadResult.Begun>(await Begin(accountId));

        Assert.Equal(new BeginUploadResult.TooManyVideos(most), await Begin(accountId));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_probe_is_told_how_long_the_plan_lets_the_audio_be(AccountKind kind)
    {
        await Service.Upload(await NewAccount(kind));

        var probe = (TaskInput.Probe)(await new HandWorker(Service).Claim()).Input;

        Assert.Equal((long)PlanOf(kind).MaximumDuration.TotalMilliseconds, probe.MaximumDurationMs);
    }

    [Fact]
    public void The_plans_differ() => Assert.Multiple(
        () => Assert.NotEqual(PlanOf(AccountKind.Guest).MaximumFileBytes, PlanOf(AccountKind.Member).MaximumFileBytes),
        () => Assert.NotEqual(PlanOf(AccountKind.Guest).MaximumVideos, PlanOf(AccountKind.Member).MaximumVideos),
        () => Assert.NotEqual(PlanOf(AccountKind.Guest).MaximumDuration, PlanOf(AccountKind.Member).MaximumDuration));

    private async Task<Guid> NewAccount(AccountKind kind) => kind == AccountKind.Guest
        ? await Service.NewGuest()
        : (await Service.Account(Guid.CreateVersion7()).CreateMember()).AccountId;

    private Plan PlanOf(AccountKind kind) => Service.Service<Grains.Plans.Plans>().Of(kind);

    private Task<BeginUploadResult> Begin(Guid accountId, long? length = null) =>
        Service.Video(Guid.CreateVersion7()).BeginUpload(new BeginUpload(accountId, "talk.mp4", length));
}
