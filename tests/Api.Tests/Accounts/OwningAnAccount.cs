using System.Net.Http.Json;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Accounts;

/// <summary>Seeing, changing and deleting one's own account.</summary>
public sealed class OwningAnAccount(ServiceFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_guest_sees_a_guest()
    {
        using var guest = await fixture.NewGuest();

        var me = await guest.Me(Cancellation);

        Assert.Equal((guest.Session!.AccountId, "guest", null, null, null), (me.Id, me.Kind, me.Email, me.Role, me.Language));
    }

    [Fact]
    public async Task A_members_name_and_language_can_be_changed_and_taken_away()
    {
        using var member = await fixture.Service.CreateMember(cancellationToken: Cancellation);

        Assert.Equal(("김민지", "ko"), await Change(member, new { name = "김민지", language = "ko" }));
        Assert.Equal(("김민지", "en"), await Change(member, new { language = "en" }));
        Assert.Equal((null, "en"), await Change(member, new { name = "" }));
        Assert.Equal((null, "en"), await Change(member, new { }));
        await member.Client.Send(Patch(new { role = "admin" }), Cancellation).Is(ErrorTable.InvalidRequest);
        await member.Client.Send(Patch(new { email = "x@example.org" }), Cancellation).Is(ErrorTable.InvalidRequest);
    }

    [Fact]
    public async Task A_deleted_account_is_gone_with_its_media_and_its_running_job_and_the_address_is_free()
    {
        using var member = await fixture.Service.CreateMember(cancellationToken: Cancellation);
        var video = await member.Client.UploadAndProbe(fixture.Speech, Cancellation);
        var ended = await member.Client.WaitForEnd((await member.Client.Submit(video.Id, cancellationToken: Cancellation)).Id, Cancellation);
        var running = await member.Client.Submit(video.Id, cancellationToken: Cancellation);
        Assert.NotEmpty(Objects());

        await member.Client.Send(Delete(new { }), Cancellation).Is(ErrorTable.WrongPassword);
        await member.Client.Send(Delete(new { password = "not it" }), Cancellation).Is(ErrorTable.WrongPassword);
        using (var deleted = await member.Client.Send(Delete(new { password = member.Password }), Cancellation))
            Assert.Equal(204, (int)deleted.StatusCode);

        await member.Client.Send(new HttpRequestMessage(HttpMethod.Get, "/v1/me"), Cancellation).Is(ErrorTable.SessionEnded);
        await member.Client.Send(SignIn(member), Cancellation).Is(ErrorTable.InvalidCredentials);
        await Eventually.IsEmpty(Objects);
        var account = await fixture.Operator.Account(member.AccountId, Cancellation);
        Assert.Equal((null, null, 0), (account.Email, account.Name, account.Credits.Reserved));
        Assert.NotNull(account.DeletedAt);
        var ledger = (await fixture.Operator.EntriesOf(member.AccountId, cancellationToken: Cancellation)).Items;
        Assert.Equal("release", ledger.Last(entry => entry.JobId == running.Id && entry.Kind != "reserve").Kind);

        using var again = await fixture.Service.CreateMember($"again-{member.Email}", Cancellation);
        using var successor = new MemberClient(fixture.Service.CreateClient(), new Mailbox(fixture.Service.MailFolder), member.Email);
        await successor.Register(Cancellation);
        await successor.NextSecret(Cancellation);
        await successor.ConfirmEmail(Cancellation);
        await successor.SignIn(Cancellation);
        Assert.NotEqual(member.AccountId, successor.AccountId);
        Assert.Empty((await successor.Client.Videos(cancellationToken: Cancellation)).Items);

        // Not the store's others: a job that an earlier test left may still be at work.
        IEnumerable<string> Objects() => fixture.Objects()
            .Where(path => new[] { video.Id, ended.Id, running.Id }.Any(id => path.Contains($"{id}", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_guest_deletes_without_a_password()
    {
        using var guest = await fixture.NewGuest();
        await guest.UploadAndProbe(fixture.Speech, Cancellation);

        using (var deleted = await guest.Send(new HttpRequestMessage(HttpMethod.Delete, "/v1/me"), Cancellation))
            Assert.Equal(204, (int)deleted.StatusCode);

        await guest.Send(new HttpRequestMessage(HttpMethod.Get, "/v1/videos"), Cancellation).Is(ErrorTable.SessionEnded);
    }

    private static async Task<(string? Name, string? Language)> Change(MemberClient member, object change)
    {
        using var response = await member.Client.Send(Patch(change), Cancellation);
        var me = (await response.Content.ReadFromJsonAsync<ClientMe>(Cancellation))!;
        Assert.Equal(me, await member.Client.Me(Cancellation));
        return (me.Name, me.Language);
    }

    private static HttpRequestMessage Patch(object change) => new(HttpMethod.Patch, "/v1/me") { Content = JsonContent.Create(change) };

    private static HttpRequestMessage Delete(object end) => new(HttpMethod.Delete, "/v1/me") { Content = JsonContent.Create(end) };

    private static HttpRequestMessage SignIn(MemberClient member) =>
        CaptionClient.PostRequest("/v1/auth/sign-in", new { email = member.Email, password = member.Password });
}
