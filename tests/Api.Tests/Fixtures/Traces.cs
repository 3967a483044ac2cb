using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Fixtures;

/// <summary>What a refused request must not leave: credits touched, rows of a video or a job, objects in the store.</summary>
internal sealed class Traces
{
    private readonly ServiceFixture fixture;
    private readonly CaptionClient guest;
    private readonly HashSet<string> objects;

    private Traces(ServiceFixture fixture, CaptionClient guest)
    {
        this.fixture = fixture;
        this.guest = guest;
        objects = fixture.Objects();
    }

    public static Traces Before(ServiceFixture fixture, CaptionClient guest) => new(fixture, guest);

    /// <param name="videos">Videos that were there before, or that are kept to tell why they were rejected.</param>
    public async Task AreNone(int videos = 0)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        Assert.Equal(new ClientCredits(ServiceFixture.GuestGrant, 0), await guest.Credits(cancellationToken));
        Assert.Equal("grant", Assert.Single((await guest.Entries(cancellationToken: cancellationToken)).Items).Kind);
        Assert.Empty((await guest.Jobs(cancellationToken: cancellationToken)).Items);
        Assert.Equal(videos, (await guest.Videos(cancellationToken: cancellationToken)).Items.Count);
        // A rejected video's object is deleted right after the answer that tells of it.
        await Eventually.IsEmpty(() => fixture.Objects().Except(objects));
    }
}
