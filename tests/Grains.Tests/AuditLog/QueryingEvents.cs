using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.AuditLog;
using AX2Caption.Grains.AuditLog;
using AX2Caption.Grains.Tests.Cluster;

namespace AX2Caption.Grains.Tests.AuditLog;

[Collection<CreditCluster>]
public sealed class QueryingEvents(ServiceFixture service) : ClusterScenario(service)
{
    private static readonly TimeSpan Moment = TimeSpan.FromMicroseconds(1);
    private static readonly AuditEventQuery All = new(After: null, Limit: 100, AccountId: null, ActorId: null, Kinds: [], From: null, Until: null);

    private readonly Guid ada = Guid.CreateVersion7();
    private readonly Guid eve = Guid.CreateVersion7();

    private IAuditLogGrain Log => Service.Grains.GetGrain<IAuditLogGrain>(0);

    [Fact]
    public async Task An_event_reads_back_as_it_was_written_and_the_same_again_changes_nothing()
    {
        var full = await Append("signed_in", ada, ada, new RequestOrigin("2001:db8::1", "Browser/1.0", "request-1"), "session x");
        Service.Clock.Advance(Moment);
        var bare = await Append("role_granted");

        await Log.Append(full with { Kind = "another" });

        Assert.Equal([bare, full], (await Query(All)).Events);
    }

    [Fact]
    public async Task Events_are_found_by_every_filter_and_by_all_at_once()
    {
        var first = await Append("signed_in", ada, ada);
        Service.Clock.Advance(Moment);
        var second = await Append("sign_in_failed", ada);
        Service.Clock.Advance(Moment);
        var third = await Append("admin_act", ada, eve);
        Service.Clock.Advance(Moment);
        var fourth = await Append("signed_in", eve, eve);

        Assert.Equal([fourth, third, second, first], (await Query(All)).Events);
        Assert.Equal([third, second, first], (await Query(All with { AccountId = ada })).Events);
        Assert.Equal([fourth, third], (await Query(All with { ActorId = eve })).Events);
        Assert.Equal([fourth, first], (await Query(All with { Kinds = ["signed_in"] })).Events);
        Assert.Equal([fourth, second, first], (await Query(All with { Kinds = ["signed_in", "sign_in_failed"] })).Events);
        Assert.Empty((await Query(All with { Kinds = ["signed_out"] })).Events);
        Assert.Equal([fourth, third], (await Query(All with { From = third.At })).Events);
        Assert.Equal([second, first], (await Query(All with { Until = third.At })).Events);
        Assert.Equal([third], (await Query(All with { From = third.At, Until = third.At + Moment })).Events);
        Assert.Empty((await Query(All with { AccountId = Guid.CreateVersion7() })).Events);
        Assert.Equal(
            [third],
            (await Query(new AuditEventQuery(null, 10, ada, eve, ["admin_act", "signed_in"], first.At, fourth.At))).Events);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(100)]
    public async Task Pages_follow_each_other_without_a_gap_also_within_one_moment(int limit)
    {
        var written = new List<AuditEvent>();
        for (var i = 0; i < 7; i++)
        {
            written.Add(await Append("signed_in", ada));
            if (i % 3 == 0)
                Service.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        await Append("signed_in", eve);
        var query = All with { Limit = limit, AccountId = ada };
        var read = new List<AuditEvent>();
        for (AuditEventPage? page = null; page is null || page.Next is not null;)
        {
            page = await Query(query with { After = page?.Next });
            Assert.InRange(page.Events.Count, 1, limit);
            read.AddRange(page.Events);
        }

        Assert.Equal(written.OrderByDescending(@event => @event.At).ThenByDescending(@event => @event.EventId.ToString(), StringComparer.Ordinal), read);
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 1)]
    [InlineData(100, 100)]
    [InlineData(101, 100)]
    [InlineData(int.MaxValue, 100)]
    public async Task A_page_is_never_longer_than_a_hundred(int asked, int given)
    {
        for (var i = 0; i < 102; i++)
            await Append("signed_in", ada);

        Assert.Equal(given, (await Query(All with { Limit = asked })).Events.Count);
    }

    [Fact]
    public async Task Events_are_kept_for_so_long_and_no_longer()
    {
        var old = await Append("signed_in", ada);
        Service.Clock.Advance(Moment);
        var later = await Append("signed_in", ada);

        Service.Clock.Advance(new AuditLogOptions().KeepFor - Moment);
        Assert.Equal(0, await Service.Sweep<AuditLogSweep>());
        Assert.Equal([later, old], (await Query(All)).Events);
        Service.Clock.Advance(Moment);
        Assert.Equal(1, await Service.Sweep<AuditLogSweep>());
        Assert.Equal([later], (await Query(All)).Events);
    }

    [Fact]
    public async Task The_name_of_who_uses_the_command_line_is_cut_to_what_a_row_holds()
    {
        await Log.Append(new AuditEvents(Service.Clock).ByCommandLine("role_granted", ada, new string('u', 200)));

        Assert.Equal("command line: " + new string('u', 86), Assert.Single((await Query(All)).Events).Actor);
    }

    private async Task<AuditEvent> Append(
        string kind, Guid? accountId = null, Guid? actorId = null, RequestOrigin? origin = null, string? detail = null)
    {
        var @event = new AuditEvent(
            Guid.CreateVersion7(Service.Clock.GetUtcNow()), Service.Clock.GetUtcNow(), kind, accountId, actorId, "anybody", origin, detail);
        await Log.Append(@event);
        return @event;
    }

    private Task<AuditEventPage> Query(AuditEventQuery query) => Log.Query(query, Ct);
}
