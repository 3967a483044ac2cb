using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Credits;

public sealed class FilteringTheLedger(ServiceFixture fixture, FilteringTheLedger.Ledger ledger) : IClassFixture<FilteringTheLedger.Ledger>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_kind_or_several_are_asked_for_by_name()
    {
        Assert.Equal([7, 5, 3, 1], await Seqs("?kind=grant"));
        Assert.Equal([8, 7, 6, 5, 4, 3, 2, 1], await Seqs("?kind=grant&kind=adjust"));
        Assert.Equal([8, 6, 4, 2], await Seqs("?kind=adjust&kind=adjust"));
        Assert.Empty(await Seqs("?kind=transfer_in"));
    }

    [Fact]
    public async Task A_time_is_included_at_its_start_and_not_at_its_end()
    {
        Assert.Equal([8, 7, 6], await Seqs($"?from={At(6)}"));
        Assert.Equal([5, 4, 3, 2, 1], await Seqs($"?until={At(6)}"));
        Assert.Equal([5, 4, 3], await Seqs($"?from={At(3)}&until={At(6)}"));
        Assert.Empty(await Seqs($"?from={At(8).Replace("Z", "9Z", StringComparison.Ordinal)}"));
    }

    [Fact]
    public async Task Times_may_have_any_offset()
    {
        var at = ledger.Lines.Single(line => line.Seq == 6).At.ToOffset(TimeSpan.FromHours(9));

        Assert.Equal([8, 7, 6], await Seqs($"?from={Uri.EscapeDataString($"{at:yyyy-MM-ddTHH:mm:ss.ffffffzzz}")}"));
    }

    [Fact]
    public async Task Filters_go_together_and_with_pages()
    {
        var query = $"?kind=grant&from={At(2)}&until={At(8)}&limit=1";
        var seqs = new List<long>();
        string? cursor = null;
        do
        {
            var page = await ledger.Owner.Entries($"{query}{(cursor is null ? "" : $"&cursor={cursor}")}", Cancellation);
            Assert.InRange(page.Items.Count, page.Next is null ? 0 : 1, 1);
            seqs.AddRange(page.Items.Select(line => line.Seq));
            cursor = page.Next;
        }
        while (cursor is not null);

        Assert.Equal([7, 5, 3], seqs);
    }

    [Fact]
    public async Task Operators_filter_in_the_same_way()
    {
        var page = await fixture.Operator.EntriesOf(ledger.Owner.Session!.AccountId, $"?kind=adjust&from={At(3)}&limit=2", Cancellation);
        var rest = await fixture.Operator.EntriesOf(
            ledger.Owner.Session.AccountId, $"?kind=adjust&from={At(3)}&limit=2&cursor={page.Next}", Cancellation);

        Assert.Equal([8, 6], page.Items.Select(line => line.Seq));
        Assert.Equal([4], rest.Items.Select(line => line.Seq));
    }

    [Theory]
    [InlineData("kind=", "kind ")]
    [InlineData("kind=Grant", "kind ")]
    [InlineData("kind=grant,settle", "kind ")]
    [InlineData("kind=grant&kind=theft", "kind ")]
    [InlineData("kind=transferIn", "kind ")]
    [InlineData("from=yesterday", "from ")]
    [InlineData("from=2026-11-25", "from ")]
    [InlineData("from=2026-11-25T09:30:00", "from ")]
    [InlineData("from=2026-11-25T09:30:00+09:00", "from ")]
    [InlineData("until=", "until ")]
    [InlineData("until=2026-02-30T00:00:00Z", "until ")]
    [InlineData("from=2026-11-25T09:30:00Z&until=2026-11-25T09:30:00Z", "from ")]
    [InlineData("from=2026-11-25T09:30:00Z&until=2026-11-25T09:29:59Z", "from ")]
    [InlineData("limit=0", "limit ")]
    [InlineData("limit=101", "limit ")]
    public async Task A_filter_that_cannot_be_meant_is_refused_by_name(string filter, string named)
    {
        var own = await ledger.Owner.Send(new HttpRequestMessage(HttpMethod.Get, $"/v1/credits/entries?{filter}"), Cancellation)
            .Is(ErrorTable.InvalidRequest);
        var operators = await fixture.Operator.Send(
            new HttpRequestMessage(HttpMethod.Get, $"/v1/admin/accounts/{ledger.Owner.Session!.AccountId}/credits/entries?{filter}"), Cancellation)
            .Is(ErrorTable.InvalidRequest);

        Assert.StartsWith(named, own.Detail, StringComparison.Ordinal);
        Assert.Equal(own.Detail, operators.Detail);
    }

    [Fact]
    public async Task The_ends_of_time_are_times()
    {
        Assert.Equal(8, (await Seqs("?from=0001-01-01T00:00:00Z&until=9999-12-31T23:59:59.999999Z")).Count());
    }

    private async Task<IEnumerable<long>> Seqs(string query) => (await ledger.Owner.Entries(query, Cancellation)).Items.Select(line => line.Seq);

    private string At(long seq) => $"{ledger.Lines.Single(line => line.Seq == seq).At:yyyy-MM-ddTHH:mm:ss.ffffff}Z";

    /// <summary>A guest with eight lines, grants and adjustments in turn, each of its own time.</summary>
    public sealed class Ledger(ServiceFixture fixture) : IAsyncLifetime
    {
        public CaptionClient Owner { get; private set; } = null!;

        public IReadOnlyList<ClientEntry> Lines { get; private set; } = [];

        public async ValueTask InitializeAsync()
        {
            Owner = await fixture.NewGuest();
            var account = Owner.Session!.AccountId;
            for (var i = 0; i < 3; i++)
            {
                await fixture.Operator.Apply(account, "adjustments", new { amount = 1, reason = "One more." });
                await fixture.Operator.Apply(account, "grants", new { amount = 1, reason = "A present." });
            }

            await fixture.Operator.Apply(account, "adjustments", new { amount = -1, reason = "One less." });
            Lines = (await Owner.Entries()).Items;
            Assert.Equal(8, Lines.Select(line => line.At).Distinct().Count());
        }

        public ValueTask DisposeAsync()
        {
            Owner.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
