using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;

namespace AX2Caption.Api.Tests.Paging;

public sealed class PagingThroughLists(ServiceFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_item_comes_once_newest_first()
    {
        using var guest = await fixture.NewGuest();
        var uploaded = new List<Guid>();
        for (var i = 0; i < 3; i++)
            uploaded.Insert(0, (await guest.UploadAndProbe(fixture.Text, Cancellation)).Id);

        var first = await guest.Videos("?limit=2", Cancellation);
        var second = await guest.Videos($"?limit=2&cursor={first.Next}", Cancellation);

        Assert.Equal(uploaded, first.Items.Concat(second.Items).Select(video => video.Id));
        Assert.Null(second.Next);
    }

    [Fact]
    public async Task A_ledger_pages_by_its_numbers()
    {
        using var guest = await fixture.NewGuest();
        var video = await guest.UploadAndProbe(fixture.Speech, Cancellation);
        await guest.Cancel((await guest.Submit(video.Id, cancellationToken: Cancellation)).Id, Cancellation);

        var first = await guest.Entries("?limit=2", Cancellation);
        var second = await guest.Entries($"?limit=2&cursor={first.Next}", Cancellation);

        Assert.Equal(["release", "reserve"], first.Items.Select(entry => entry.Kind));
        Assert.Equal(["grant"], second.Items.Select(entry => entry.Kind));
        Assert.Null(second.Next);
    }

    [Theory]
    [InlineData("/v1/videos")]
    [InlineData("/v1/jobs")]
    [InlineData("/v1/credits/entries")]
    public async Task What_is_no_cursor_or_limit_is_refused(string list)
    {
        using var guest = await fixture.NewGuest();

        await guest.Send(new HttpRequestMessage(HttpMethod.Get, $"{list}?cursor=x"), Cancellation).Is(ErrorTable.InvalidCursor);
        await guest.Send(new HttpRequestMessage(HttpMethod.Get, $"{list}?limit=0"), Cancellation).Is(ErrorTable.InvalidRequest);
        await guest.Send(new HttpRequestMessage(HttpMethod.Get, $"{list}?limit=101"), Cancellation).Is(ErrorTable.InvalidRequest);
        await guest.Send(new HttpRequestMessage(HttpMethod.Get, $"{list}?limit=many"), Cancellation).Is(ErrorTable.InvalidRequest);
    }
}
