using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Sessions;

/// <summary>Guessing, through two Apis of one service.</summary>
public sealed class WrongPasswords(ServiceFixture fixture)
{
    /// <summary>Five that cost no waiting, and the one that does.</summary>
    private const int Looked = 6;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Are_answered_like_an_unknown_address_and_slowed_alike()
    {
        using var member = await fixture.Service.CreateMember(cancellationToken: Cancellation);
        using var thief = fixture.Service.CreateClient();

        foreach (var email in new[] { member.Email, $"nobody-{Guid.CreateVersion7():N}@example.org" })
        {
            for (var i = 0; i < Looked; i++)
                await thief.Send(SignIn(email, $"guess {i}"), Cancellation).Is(ErrorTable.InvalidCredentials);
            using var slowed = await thief.Send(SignIn(email, "guess"), Cancellation);
            await Task.FromResult(slowed).Is(ErrorTable.TooManyAttempts);
            Assert.InRange(slowed.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(1));
        }
    }

    [Fact]
    public async Task Count_together_on_all_Apis_however_many_come_at_once()
    {
        using var here = fixture.Service.CreateClient();
        using var there = await fixture.CreateClientOfTheOtherApi();
        var email = $"nobody-{Guid.CreateVersion7():N}@example.org";

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => (i % 2 == 0 ? here : there).Send(SignIn(email, $"guess {i}"), Cancellation)));

        Assert.Equal(Looked, answers.Count(answer => (int)answer.StatusCode == 401));
        Assert.Equal(40 - Looked, answers.Count(answer => (int)answer.StatusCode == 429));
        foreach (var answer in answers)
            answer.Dispose();
    }

    [Fact]
    public async Task Do_not_keep_the_owner_out_who_asks_for_a_link()
    {
        using var member = await fixture.Service.CreateMember(cancellationToken: Cancellation);
        for (var i = 0; i < Looked; i++)
            await member.Client.Send(SignIn(member.Email, $"guess {i}"), Cancellation).Is(ErrorTable.InvalidCredentials);
        await member.Client.Send(SignIn(member.Email, member.Password), Cancellation).Is(ErrorTable.TooManyAttempts);

        await member.Client.Post("/v1/auth/password/forgot", new { email = member.Email }, Cancellation);
        var token = await member.NextSecret(Cancellation);
        member.Password = "nine yellow kites";
        await member.Client.Post("/v1/auth/password/reset", new { token, newPassword = member.Password }, Cancellation);

        await member.SignIn(Cancellation);
    }

    [Fact]
    public async Task The_addresss_spelling_makes_no_difference()
    {
        using var member = await fixture.Service.CreateMember(cancellationToken: Cancellation);

        await member.Client.SignIn($"  {member.Email.ToUpperInvariant()} ", member.Password, Cancellation);
    }

    private static HttpRequestMessage SignIn(string email, string password) => CaptionClient.PostRequest("/v1/auth/sign-in", new { email, password });
}
