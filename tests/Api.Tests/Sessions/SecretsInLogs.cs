using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Sessions;

/// <summary>A service that logs everything that it can, through the life of an account.</summary>
public sealed class SecretsInLogs(ServiceFixture fixture) : IAsyncLifetime
{
    private CaptionService service = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var everything = new Dictionary<string, string>
        {
            ["Logging__LogLevel__Default"] = "Trace",
            ["Logging__LogLevel__Microsoft"] = "Debug",
            ["Logging__LogLevel__Orleans"] = "Information",
            ["Logging__LogLevel__System"] = "Debug",
            ["Logging__ConsoleLevel"] = "Warning",
        };
        service = await CaptionService.Start(await fixture.CreateDatabase(), new CaptionServiceSettings { Silo = everything, Api = everything });
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task Are_none_neither_in_logs_nor_in_the_audit_log_nor_in_the_database()
    {
        using var admin = await service.CreateAdmin(Cancellation);
        using var member = new MemberClient(service.CreateClient(), new Mailbox(service.MailFolder));
        var secrets = new List<string> { member.Password };
        await member.Register(Cancellation);
        var confirmation = await member.NextSecret(Cancellation);
        secrets.Add(confirmation);
        await member.Client.Post("/v1/auth/verify-email", new { token = confirmation }, Cancellation);
        Add(await member.SignIn(Cancellation));
        Add(await member.Refresh(Cancellation));
        // What events are signed with must be in the database, and nowhere else.
        var webhook = await member.Client.RegisterWebhook(new { url = "https://hooks.example/?token=in-the-address" }, Cancellation);
        var rotated = await member.Client.RotateWebhookSecret(webhook.Webhook.Id, Cancellation);
        await member.Client.TestWebhook(webhook.Webhook.Id, Cancellation);
        string[] signing = [.. ((string[])[webhook.Secret, rotated.Secret]).Select(secret => secret["whsec_".Length..]), "in-the-address"];
        await member.Client.Send(SignIn(member.Email, Secret("wrong password")), Cancellation).Is(ErrorTable.InvalidCredentials);
        await member.Client.Post("/v1/auth/password/forgot", new { email = member.Email }, Cancellation);
        var reset = await member.NextSecret(Cancellation);
        secrets.Add(reset);
        await member.Client.Send(new HttpRequestMessage(HttpMethod.Get, $"/account/reset?token={reset}"), Cancellation);
        await member.Client.Post("/v1/auth/password/reset", new { token = reset, newPassword = Secret("nine yellow kites") }, Cancellation);
        await member.Client.Send(CaptionClient.PostRequest("/v1/auth/refresh", new { refreshToken = Secret("AAAAAAAAAA") }), Cancellation).Is(ErrorTable.RefreshTokenInvalid);
        await member.Client.Send(CaptionClient.PostRequest("/v1/auth/sign-in", new { email = member.Email, password = Secret("odd"), surplus = Secret("member") }), Cancellation)
            .Is(ErrorTable.InvalidRequest);
        using (var cookie = await member.Client.Send(CaptionClient.PostRequest("/v1/auth/guest", new { cookie = true }), Cancellation))
            secrets.Add(cookie.Headers.GetValues("Set-Cookie").Single().Split('=', ';')[1]);
        secrets.Add((await File.ReadAllTextAsync(Path.Combine(service.Folder, "pepper"), Cancellation)).Trim());

        var events = new System.Text.StringBuilder();
        for (var page = await admin.Client.Events("?limit=100", Cancellation); ; page = await admin.Client.Events($"?limit=100&cursor={page.Next}", Cancellation))
        {
            foreach (var @event in page.Items)
                events.AppendLine($"{@event}");
            if (page.Next is null)
                break;
        }

        var database = await service.Database.Dump(Cancellation);
        Assert.Contains(member.Email, database, StringComparison.Ordinal);
        await service.StopApi(Cancellation);
        await service.StopSilo(Cancellation);
        var logs = string.Concat(Directory.EnumerateFiles(service.LogFolder).Concat(Directory.EnumerateFiles(service.Folder, "*.out")).Select(File.ReadAllText));
        Assert.Contains("/v1/auth/sign-in", logs, StringComparison.Ordinal);

        Assert.All([.. secrets, .. signing], secret => Assert.DoesNotContain(secret, logs, StringComparison.Ordinal));
        Assert.All([.. secrets, .. signing], secret => Assert.DoesNotContain(secret, events.ToString(), StringComparison.Ordinal));
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, database, StringComparison.Ordinal));
        // An address is no secret, and still nobody's business who reads logs.
        Assert.DoesNotContain(member.Email, logs, StringComparison.Ordinal);

        string Secret(string text)
        {
            var secret = $"{text} {Guid.CreateVersion7():N}".Replace(' ', '-');
            secrets.Add(secret);
            return secret;
        }

        void Add(ClientTokens tokens)
        {
            secrets.Add(tokens.RefreshToken!);
            // The signature, without which the rest is worth nothing.
            secrets.Add(tokens.AccessToken.Split('.')[2]);
        }
    }

    private static HttpRequestMessage SignIn(string email, string password) => CaptionClient.PostRequest("/v1/auth/sign-in", new { email, password });
}
