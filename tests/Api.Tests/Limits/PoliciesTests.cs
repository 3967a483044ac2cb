using AX2Caption.Api.Accounts;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Limits;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Abstractions.Sessions;
using AX2Caption.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace AX2Caption.Api.Tests.Limits;

/// <summary>The limits that endpoints attach to themselves, on a host of the test's own.</summary>
public sealed class PoliciesTests
{
    private const int Limit = 3;

    private static readonly Guid Account = Guid.CreateVersion7();
    private static readonly TimeSpan Hasty = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(RateLimits.SignIn, "RateLimits:SignInsPerAddress", 20)]
    [InlineData(RateLimits.Mail, "RateLimits:MailsPerAddress", 20 * 60)]
    public async Task Policy_OneRequestTooManyFromAnAddress_IsToldWhenToComeBack(string policy, string setting, int secondsPerRequest)
    {
        await using var app = await SmallHost.Start(
            builder =>
            {
                builder.Configuration[setting] = $"{Limit}";
                builder.Services.AddRateLimits();
            },
            app =>
            {
                app.UseRequestId();
                app.UseErrors();
                app.UseRouting();
                app.UseRateLimits();
                app.MapGet("/limited", () => "in").RequireRateLimiting(policy);
                app.MapGet("/free", () => "in");
            });
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        for (var i = 0; i < Limit; i++)
            Assert.Equal("in", await client.GetStringAsync("/limited", Cancellation));

        using var refused = await client.GetAsync("/limited", Cancellation);

        await Task.FromResult(refused).Is(ErrorTable.TooManyRequests);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(secondsPerRequest));
        Assert.Equal("in", await client.GetStringAsync("/free", Cancellation));
    }

    [Theory]
    [InlineData(AccountKind.Guest, 2)]
    [InlineData(AccountKind.Member, 3)]
    public async Task Uploads_OneTooManyOfAnAccount_AreToldWhenToComeBackByItsKind(AccountKind kind, int limit)
    {
        var account = Guid.CreateVersion7();
        await using var app = await SmallHost.Start(
            builder =>
            {
                builder.Configuration["RateLimits:UploadStartsPerGuest"] = "2";
                builder.Configuration["RateLimits:UploadStartsPerAccount"] = "3";
                builder.Services.AddRateLimits();
            },
            app =>
            {
                app.UseRequestId();
                app.UseErrors();
                app.Use((context, next) =>
                {
                    context.User = Caller.Of(new LiveSession(
                        Guid.CreateVersion7(), context.Request.Path.StartsWithSegments("/other") ? Guid.CreateVersion7() : account, kind, false, default));
                    return next(context);
                });
                app.UseRouting();
                app.UseRateLimits();
                app.MapGet("/upload", () => "in").RequireRateLimiting(RateLimits.Uploads);
                app.MapGet("/other", () => "in").RequireRateLimiting(RateLimits.Uploads);
            });
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        for (var i = 0; i < limit; i++)
            Assert.Equal("in", await client.GetStringAsync("/upload", Cancellation));

        using var refused = await client.GetAsync("/upload", Cancellation);

        await Task.FromResult(refused).Is(ErrorTable.TooManyRequests);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60d / limit));
        Assert.Equal("in", await client.GetStringAsync("/other", Cancellation));
    }

    [Fact]
    public async Task UploadPieces_OneWhoseTimeIsOverBeforeItsTurn_IsToldSoAndWasNotTaken()
    {
        var (taken, entered) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = await SmallHost.Start(
            builder =>
            {
                builder.Configuration["RateLimits:UploadsPerAccount"] = "1";
                builder.Services.AddRateLimits();
                builder.Services.AddRequestTimeouts();
            },
            app =>
            {
                app.UseRequestId();
                app.UseErrors();
                app.Use((context, next) =>
                {
                    context.User = Caller.Of(new LiveSession(Guid.CreateVersion7(), Account, AccountKind.Guest, false, default));
                    return next(context);
                });
                app.UseRouting();
                app.UseRequestTimeouts();
                app.UseRateLimits();
                app.MapGet("/held", async () =>
                {
                    entered.SetResult();
                    await gate.Task;
                    return "in";
                }).RequireRateLimiting(RateLimits.UploadPieces);
                app.MapGet("/hasty", () => Interlocked.Increment(ref taken)).RequireRateLimiting(RateLimits.UploadPieces).WithRequestTimeout(Hasty);
                app.MapGet("/patient", () => "in").RequireRateLimiting(RateLimits.UploadPieces);
            });
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        var held = client.GetStringAsync("/held", Cancellation);
        await entered.Task.WaitAsync(Bound, Cancellation);

        await client.GetAsync("/hasty", Cancellation).Is(ErrorTable.RequestTimeout);
        var patient = client.GetStringAsync("/patient", Cancellation);
        gate.SetResult();

        Assert.Equal(("in", "in", 0), (await held, await patient, taken));
    }
}
