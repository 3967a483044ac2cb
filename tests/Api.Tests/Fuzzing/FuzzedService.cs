using System.Collections.Concurrent;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Fuzzing;

/// <summary>A service of its own, with an account that nobody but its owner may see or change.</summary>
public sealed class FuzzedService(ServiceFixture fixture) : IAsyncLifetime
{
    private const int AtOnce = 4;

    private readonly string secret = $"canary{Guid.CreateVersion7():N}";
    private MemberClient member = null!;
    private MemberClient admin = null!;
    private ClientVideo video = null!;
    private ClientJob job = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public CaptionService Service { get; private set; } = null!;

    /// <summary>What belongs to the owner and may be in no answer to anybody else.</summary>
    public IReadOnlyList<string> Canaries { get; private set; } = [];

    private CaptionClient Owner => member.Client;

    public async ValueTask InitializeAsync()
    {
        Service = await CaptionService.Start(await fixture.CreateDatabase(), new CaptionServiceSettings
        {
            Silo = new Dictionary<string, string> { ["Credits__GuestGrant"] = "50" },
            Api = new Dictionary<string, string>
            {
                ["Uploads__MaximumBytes"] = $"{ServiceFixture.MaximumBytes}",
                // Nobody waits for a stream to end.
                ["Streams__MaximumDuration"] = "00:00:01",
            },
        });
        admin = await Service.CreateAdmin(Cancellation);
        member = await Service.CreateMember($"{secret}@example.org", Cancellation);
        var file = Path.Combine(Service.Folder, $"{secret}.mp4");
        File.Copy(fixture.Speech, file);
        video = await Owner.UploadAndProbe(file, Cancellation);
        var quote = await Owner.Quote(video.Id, cancellationToken: Cancellation);
        job = await Owner.WaitForEnd((await Owner.Submit(video.Id, quoteId: quote.Id, cancellationToken: Cancellation)).Id, Cancellation);
        Assert.Equal("succeeded", job.State);
        var grant = await admin.Client.Apply(member.AccountId, "grants", new { amount = 7, reason = secret }, cancellationToken: Cancellation);
        Guid[] ids = [member.AccountId, video.Id, job.Id, quote.Id, grant.Entry.OpId];
        Canaries = [secret, member.Tokens!.AccessToken, member.Tokens.RefreshToken!, member.Password, .. ids.SelectMany(id => (string[])[$"{id}", $"{id:N}"])];
    }

    public async ValueTask DisposeAsync()
    {
        member?.Dispose();
        admin?.Dispose();
        if (Service is not null)
            await Service.DisposeAsync();
    }

    /// <summary>The OpenAPI document.</summary>
    internal async Task<ApiDocument> Document() => new(await Read(Owner, "/openapi/v1.json"));

    /// <summary>All that the owner can see of the account.</summary>
    public async Task<string> WhatTheOwnerSees() => string.Join('\n', await Task.WhenAll(
        ((string[])
        [
            "/v1/me", "/v1/me/sessions", "/v1/credits", "/v1/credits/entries?limit=100", "/v1/videos?limit=100", "/v1/deletions?limit=100", "/v1/jobs?limit=100",
            $"/v1/jobs/{job.Id}/captions.srt", $"/v1/jobs/{job.Id}/captions.vtt",
        ]).Select(path => Read(Owner, path))));

    /// <summary>New accounts for each operation, with a video and a job.</summary>
    internal async Task<IReadOnlyDictionary<string, FuzzCast>> Cast(IReadOnlyList<ApiOperation> operations)
    {
        var operatorsToken = (await admin.Refresh(Cancellation)).AccessToken;
        var silence = Path.Combine(Service.Folder, "silence.m4a");
        await SampleSpeech.Ffmpeg(["-f", "lavfi", "-i", "anullsrc=r=16000:cl=mono", "-t", "2", "-c:a", "aac", silence], Cancellation);
        var casts = new ConcurrentDictionary<string, FuzzCast>();
        await Parallel.ForEachAsync(
            operations.Select(operation => $"{operation}"),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Cancellation },
            async (operation, _) => casts[operation] = await CastOne(silence, operatorsToken));
        return casts;
    }

    private async Task<FuzzCast> CastOne(string file, string operatorsToken)
    {
        using var guest = Service.CreateClient();
        using var stranger = Service.CreateClient();
        using var other = await Service.CreateMember(cancellationToken: Cancellation);
        var (account, another) = (await guest.BecomeGuest(Cancellation), await stranger.BecomeGuest(Cancellation));
        var own = await guest.UploadAndProbe(file, Cancellation);
        var submitted = await guest.Submit(own.Id, cancellationToken: Cancellation);
        // Operators may see and change every account, so they are not sent to the owner's.
        var support = new FuzzActor(
            "operator", operatorsToken, [$"{own.Id}"], [$"{submitted.Id}"], [$"{account.AccountId}", $"{another.AccountId}"]);
        // The others know what they should not know, and ask for it.
        var nosy = support with
        {
            Videos = [$"{own.Id}", $"{own.Id}", $"{video.Id}"],
            Jobs = [$"{submitted.Id}", $"{submitted.Id}", $"{job.Id}"],
            Accounts = [.. support.Accounts, $"{member.AccountId}"],
        };
        return new FuzzCast(
            nosy with { Name = "guest", Token = account.AccessToken },
            nosy with { Name = "stranger", Token = another.AccessToken },
            nosy with { Name = "member", Token = other.Tokens!.AccessToken },
            nosy with { Name = "anonymous", Token = null },
            support);
    }

    private static async Task<string> Read(CaptionClient client, string path)
    {
        using var response = await client.Send(new HttpRequestMessage(HttpMethod.Get, path), Cancellation);
        return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(Cancellation);
    }
}
