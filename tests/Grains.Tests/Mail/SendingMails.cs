using AX2Caption.Grains.Mail;
using AX2Caption.Grains.Tests.Accounts;
using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Testing;
using Microsoft.Extensions.Logging;
using MimeKit;
using static AX2Caption.Grains.Tests.Accounts.MemberExtensions;

namespace AX2Caption.Grains.Tests.Mail;

/// <summary>What is queued comes to a real SMTP server.</summary>
[Collection<CreditCluster>]
public sealed class SendingMails(ServiceFixture service) : ClusterScenario(service)
{
    private static readonly TimeSpan Moment = TimeSpan.FromMicroseconds(1);

    private readonly LogKeeper log = new();

    [Theory]
    [InlineData("en", "Please confirm your AX2Caption account", "within 24 hours", "Set a new AX2Caption password", "within 60 minutes",
        "Your AX2Caption password has changed", "set a new one right away")]
    [InlineData("ko", "AX2Caption 가입을 확인해 주세요", "24시간 동안", "AX2Caption 비밀번호를 새로 정해 주세요", "60분 동안",
        "AX2Caption 비밀번호가 바뀌었습니다", "직접 바꾸지 않으셨다면")]
    public async Task Mails_in_a_language_arrive_whole_with_links_that_work(
        string language, string confirm, string confirmText, string reset, string resetText, string changed, string changedText)
    {
        await using var server = await SmtpServer.Start();
        await Service.Register(language: language);
        await SendAll(server);
        await Link(await server.Mails(), 0).ConfirmEmail(Origin());
        await Service.Grains.Address(Ada).RequestPasswordReset(Ada, "en", Origin()); // a member is written to in their own language
        await SendAll(server);
        await Link(await server.Mails(), 1).ResetPassword(Passwords.Digests.Of("another"), Origin());
        await SendAll(server);

        var mails = await server.Mails();
        Assert.Equal([confirm, reset, changed], mails.Select(mail => mail.Subject));
        Assert.Contains(confirmText, mails[0].TextBody, StringComparison.Ordinal);
        Assert.Contains(resetText, mails[1].TextBody, StringComparison.Ordinal);
        Assert.Contains(changedText, mails[2].TextBody, StringComparison.Ordinal);
        Assert.Contains($"{Postman.PublicUrl}account/forgot", mails[2].TextBody, StringComparison.Ordinal);
        Assert.All(mails, mail =>
        {
            Assert.Equal(Ada, mail.To.Mailboxes.Single().Address);
            Assert.Equal("AX2Caption <no-reply@localhost>", mail.From.ToString().Replace("\"", "", StringComparison.Ordinal));
            Assert.Equal("auto-generated", mail.Headers[HeaderId.AutoSubmitted]);
            Assert.Equal(Service.Clock.GetUtcNow().ToUnixTimeSeconds(), mail.Date.ToUnixTimeSeconds());
        });
        Assert.IsType<Abstractions.Accounts.SignInResult.SignedIn>(await Service.Grains.SignIn(password: "another"));
    }

    [Fact]
    public async Task Neither_a_table_nor_a_log_line_has_the_link()
    {
        await using var server = await SmtpServer.Start();
        await Service.Register();
        await SendAll(server);

        var secret = Assert.Single(await server.Mails()).TextBody!.Split("token=")[1].Split('\n')[0].Trim();

        Assert.Equal(43, secret.Length);
        Assert.DoesNotContain(log.Lines, line => line.Text.Contains(secret, StringComparison.Ordinal));
        Assert.Equal(0, await Service.Value<long>(
            "select (select count(*) from account_link l where l::text like $1) + (select count(*) from outgoing_mail m where m::text like $1)", $"%{secret}%"));
    }

    [Theory]
    [InlineData("refused@example.com")]
    [InlineData("lost@example.com")]
    public async Task What_the_server_does_not_take_is_tried_again_ever_later_and_given_up_in_the_end(string address)
    {
        await using var server = await SmtpServer.Start();
        var options = Options(server);
        var sender = Sender(options);
        await Service.Register(address);

        for (var attempt = 1; attempt < options.MaximumAttempts; attempt++)
        {
            Assert.True(await sender.SendNext(Ct));
            Assert.False(await sender.SendNext(Ct));
            var delay = TimeSpan.FromSeconds(Math.Min(3_600, 10 * Math.Pow(2, attempt - 1)));
            Service.Clock.Advance(delay - Moment);
            Assert.False(await sender.SendNext(Ct));
            Service.Clock.Advance(Moment);
        }

        Assert.DoesNotContain(log.Lines, line => line.Level == LogLevel.Error);
        Assert.True(await sender.SendNext(Ct));
        Assert.Contains("given up", Assert.Single(log.Lines, line => line.Level == LogLevel.Error).Text, StringComparison.Ordinal);
        Service.Clock.Advance(TimeSpan.FromDays(1));
        Assert.False(await sender.SendNext(Ct));
        Assert.Empty(await server.Mails());
        Assert.Equal(1, await Service.Value<long>("select count(*) from outgoing_mail where ended_at is not null"));
    }

    [Fact]
    public async Task What_fails_once_arrives_at_the_second_attempt_and_holds_up_nobody_else()
    {
        await using var server = await SmtpServer.Start();
        var sender = Sender(Options(server));
        await Service.Register("flaky@example.com");
        await Service.Register("eve@example.com");

        Assert.True(await sender.SendNext(Ct));
        Assert.True(await sender.SendNext(Ct));
        Assert.False(await sender.SendNext(Ct));
        Assert.Equal("eve@example.com", Assert.Single(await server.Mails()).To.Mailboxes.Single().Address);
        Service.Clock.Advance(TimeSpan.FromSeconds(10));
        await SendAll(server);

        Assert.Equal(["eve@example.com", "flaky@example.com"], (await server.Mails()).Select(mail => mail.To.Mailboxes.Single().Address));
    }

    [Fact]
    public async Task A_wrong_password_at_the_server_leaves_the_mail_to_be_sent_when_it_is_right()
    {
        await using var server = await SmtpServer.Start(login: ("ax2", "a secret"));
        await Service.Register();
        var wrong = Options(server);
        (wrong.Smtp.User, wrong.Smtp.Password) = ("ax2", "wrong");
        Assert.True(await Sender(wrong).SendNext(Ct));
        Assert.Empty(await server.Mails());
        Assert.DoesNotContain(log.Lines, line => line.Text.Contains("wrong", StringComparison.Ordinal));

        Service.Clock.Advance(wrong.RetryDelay);
        (wrong.Smtp.User, wrong.Smtp.Password) = ("ax2", "a secret");
        Assert.True(await Sender(wrong).SendNext(Ct));

        Assert.Single(await server.Mails());
    }

    [Fact]
    public async Task A_mail_whose_sender_died_is_sent_when_its_lease_is_over()
    {
        await using var server = await SmtpServer.Start();
        var options = Options(server);
        var lease = (10 * options.Smtp.Timeout) + TimeSpan.FromSeconds(10);
        await Service.Register();
        using var death = new CancellationTokenSource();
        // It dies when the server has the mail and nobody knows.
        var dying = Postman.Sender(Service, new DyingTransport(new SmtpTransport(Microsoft.Extensions.Options.Options.Create(options)), death), options, log);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dying.SendNext(death.Token));
        Assert.Single(await server.Mails());

        var sender = Sender(options);
        Service.Clock.Advance(lease - Moment);
        Assert.False(await sender.SendNext(Ct));
        Service.Clock.Advance(Moment);
        Assert.True(await sender.SendNext(Ct));
        Assert.False(await sender.SendNext(Ct));

        // At least once: both links are good, and one of them makes the member.
        var mails = await server.Mails();
        Assert.Equal(2, mails.Count);
        Assert.IsType<Abstractions.Accounts.ConfirmEmailResult.Confirmed>(await Link(mails, 0).ConfirmEmail(Origin("one")));
        Assert.IsType<Abstractions.Accounts.ConfirmEmailResult.LinkNotValid>(await Link(mails, 1).ConfirmEmail(Origin("two")));
    }

    [Fact]
    public async Task Several_senders_do_not_send_one_mail_twice()
    {
        await using var server = await SmtpServer.Start();
        for (var i = 0; i < 20; i++)
            await Service.Register($"user{i}@example.com");
        var senders = Enumerable.Range(0, 4).Select(_ => Sender(Options(server)));

        await Task.WhenAll(senders.Select(async sender =>
        {
            while (await sender.SendNext(Ct))
            {
            }
        }));

        Assert.Equal(
            Enumerable.Range(0, 20).Select(i => $"user{i}@example.com").Order(StringComparer.Ordinal),
            (await server.Mails()).Select(mail => mail.To.Mailboxes.Single().Address).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_sender_that_runs_sends_what_is_queued_and_goes_on_when_the_database_was_away()
    {
        await using var server = await SmtpServer.Start();
        var options = Options(server);
        options.PollInterval = TimeSpan.FromMilliseconds(50);
        using var sender = Sender(options);
        await sender.StartAsync(Ct);
        await Service.Register();
        // Not only sent: one that is not noted as sent would be sent again when its lease is over, which this clock never comes to.
        await Until(async () => await Ended() == 1);

        await Service.Execute("alter table outgoing_mail rename to away");
        try
        {
            await Until(() => Task.FromResult(log.Lines.Any(line => line.Text.Contains("could not be looked for", StringComparison.Ordinal))));
        }
        finally
        {
            await Service.Execute("alter table away rename to outgoing_mail");
        }

        await Service.Register("eve@example.com");
        await Until(async () => await Ended() == 2);

        await sender.StopAsync(Ct);
        Assert.Equal(2, (await server.Mails()).Count);

        Task<long> Ended() => Service.Value<long>("select count(*) from outgoing_mail where ended_at is not null");
    }

    private static Abstractions.Accounts.IAccountLinkGrain LinkGrain(IGrainFactory grains, MimeMessage mail) =>
        grains.GetGrain<Abstractions.Accounts.IAccountLinkGrain>(Postman.KeyOf(mail));

    private Abstractions.Accounts.IAccountLinkGrain Link(IReadOnlyList<MimeMessage> mails, int index) => LinkGrain(Service.Grains, mails[index]);

    private static MailOptions Options(SmtpServer server) => new() { Smtp = server.Options(SmtpSecurity.None), PublicUrl = Postman.PublicUrl };

    private MailSender Sender(MailOptions options) =>
        Postman.Sender(Service, new SmtpTransport(Microsoft.Extensions.Options.Options.Create(options)), options, log);

    private async Task SendAll(SmtpServer server)
    {
        var sender = Sender(Options(server));
        while (await sender.SendNext(Ct))
        {
        }
    }

    private static Task Until(Func<Task<bool>> comes) => Polling.Until(comes, Ct);

    /// <summary>Sends, and then the process is gone.</summary>
    private sealed class DyingTransport(IMailTransport transport, CancellationTokenSource death) : IMailTransport
    {
        public async Task Send(MimeMessage message, CancellationToken cancellationToken)
        {
            await transport.Send(message, CancellationToken.None);
            await death.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private sealed class LogKeeper : ILogger<MailSender>
    {
        private readonly List<(LogLevel Level, string Text)> lines = [];

        public IReadOnlyList<(LogLevel Level, string Text)> Lines
        {
            get
            {
                lock (lines)
                    return [.. lines];
            }
        }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (lines)
                lines.Add((logLevel, $"{formatter(state, exception)} {exception}"));
        }
    }
}
