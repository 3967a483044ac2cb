using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Accounts;

/// <summary>What the API says of a guest whose account has become a member's.</summary>
public sealed class BecomingAMember(ServiceFixture fixture, ServiceGrains grains) : IClassFixture<ServiceGrains>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Operators_see_where_the_account_went()
    {
        using var guest = await fixture.NewGuest();
        var guestId = guest.Session!.AccountId;
        var before = await fixture.Operator.Account(guestId, Cancellation);
        Assert.Equal((guestId, "guest", null), (before.Id, before.Kind, before.MergedInto));
        Assert.Equal((ServiceFixture.GuestGrant, 0), (before.Credits.Available, before.Credits.Reserved));

        var memberId = await grains.MakeMember(guestId);

        var after = await fixture.Operator.Account(guestId, Cancellation);
        Assert.Equal((before.CreatedAt, "guest", memberId), (after.CreatedAt, after.Kind, after.MergedInto));
        Assert.Equal((0, 0), (after.Credits.Available, after.Credits.Reserved));
        var member = await fixture.Operator.Account(memberId, Cancellation);
        Assert.Equal((memberId, "member", null), (member.Id, member.Kind, member.MergedInto));
        var outgoing = (await fixture.Operator.EntriesOf(guestId, "?kind=transfer_out", Cancellation)).Items;
        var incoming = (await fixture.Operator.EntriesOf(memberId, "?kind=transfer_in", Cancellation)).Items;
        Assert.Equal((ServiceFixture.GuestGrant, memberId), (Assert.Single(outgoing).Amount, outgoing[0].OtherAccountId));
        Assert.Equal((ServiceFixture.GuestGrant, guestId), (Assert.Single(incoming).Amount, incoming[0].OtherAccountId));
    }

    [Fact]
    public async Task Operators_are_sent_on_to_the_member()
    {
        using var guest = await fixture.NewGuest();
        var guestId = guest.Session!.AccountId;
        var memberId = await grains.MakeMember(guestId);
        var before = await fixture.Operator.Account(memberId, Cancellation);

        var bodies = new (string Operation, object Body)[]
        {
            ("grants", new { amount = 1, reason = "A present." }),
            ("adjustments", new { amount = 1, reason = "Too few." }),
            ("adjustments", new { amount = -1, reason = "Too many." }),
            ("refunds", new { jobId = Guid.CreateVersion7(), reason = "Bad captions." }),
        };
        foreach (var (operation, body) in bodies)
        {
            var problem = await fixture.Operator.Send(CaptionClient.OperationRequest(guestId, operation, body, $"{operation} {body}"), Cancellation)
                .Is(ErrorTable.AccountMoved);
            Assert.Equal(memberId, problem.Members["movedTo"].GetGuid());
        }

        Assert.Equal(before.Credits.Available, (await fixture.Operator.Account(memberId, Cancellation)).Credits.Available);
    }
}
