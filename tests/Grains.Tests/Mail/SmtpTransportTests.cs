using System.Net;
using System.Net.Sockets;
using System.Text;
using AX2Caption.Grains.Mail;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace AX2Caption.Grains.Tests.Mail;

public sealed class SmtpTransportTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ada@example.com", "ada@example.com")]
    [InlineData("ada@보기.한국", "ada@xn--ok0b03z.xn--3e0b707e")]
    public async Task Send_ToAServerInTheClear_ArrivesWhole(string address, string arrives)
    {
        await using var server = await SmtpServer.Start();

        await Send(server.Options(SmtpSecurity.None), Mail(address));

        var mail = Assert.Single(await server.Mails());
        Assert.Equal("A subject, 제목", mail.Subject);
        Assert.Equal(Body, mail.TextBody!.ReplaceLineEndings("\n").TrimEnd('\n'));
        Assert.Contains(mail.To.Mailboxes.Single().Address, new[] { address, arrives });
    }

    [Fact]
    public async Task Send_OverStartTlsWithALogin_Arrives()
    {
        await using var server = await SmtpServer.Start(TrustedCertificate.Get(), ("ax2", "a secret"));

        await Send(server.Options(SmtpSecurity.StartTls, "ax2", "a secret"), Mail());

        Assert.Single(await server.Mails());
    }

    [Fact]
    public async Task Send_WithAWrongPassword_IsRefused()
    {
        await using var server = await SmtpServer.Start(TrustedCertificate.Get(), ("ax2", "a secret"));

        await Assert.ThrowsAsync<AuthenticationException>(() => Send(server.Options(SmtpSecurity.StartTls, "ax2", "wrong"), Mail()));
        await Assert.ThrowsAsync<ServiceNotAuthenticatedException>(() => Send(server.Options(SmtpSecurity.StartTls), Mail()));

        Assert.Empty(await server.Mails());
    }

    [Fact]
    public async Task Send_StartTlsToAServerWithoutIt_SendsNothing()
    {
        await using var server = await SmtpServer.Start();

        await Assert.ThrowsAsync<NotSupportedException>(() => Send(server.Options(SmtpSecurity.StartTls), Mail()));

        Assert.Empty(await server.Mails());
    }

    [Fact]
    public async Task Send_ToACertificateThatNobodyTrusts_SendsNothing()
    {
        using var certificate = TrustedCertificate.NewUntrusted();
        await using var server = await SmtpServer.Start(certificate);

        await Assert.ThrowsAsync<SslHandshakeException>(() => Send(server.Options(SmtpSecurity.StartTls), Mail()));

        Assert.Empty(await server.Mails());
    }

    [Fact]
    public async Task Send_ToARecipientWhoIsRefused_Throws()
    {
        await using var server = await SmtpServer.Start();
        await Assert.ThrowsAsync<SmtpCommandException>(() => Send(server.Options(SmtpSecurity.None), Mail("refused@example.com")));
    }

    [Fact]
    public async Task Send_WhenTheConnectionIsLost_Throws()
    {
        await using var server = await SmtpServer.Start();
        await Assert.ThrowsAnyAsync<Exception>(() => Send(server.Options(SmtpSecurity.None), Mail("lost@example.com")));
        await server.Stop();
        await Assert.ThrowsAnyAsync<SocketException>(() => Send(server.Options(SmtpSecurity.None), Mail()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("220 localhost\r\n")]
    public async Task Send_ToAServerThatFallsSilent_ThrowsAfterTheTimeout(string greeting)
    {
        using var silent = new TcpListener(IPAddress.Loopback, port: 0);
        silent.Start();
        var smtp = new SmtpOptions
        {
            Host = "127.0.0.1",
            Port = ((IPEndPoint)silent.LocalEndpoint).Port,
            Security = SmtpSecurity.None,
            Timeout = TimeSpan.FromSeconds(1),
        };
        var accepting = silent.AcceptTcpClientAsync(Ct).AsTask();

        var sending = Send(smtp, Mail());
        using var peer = await accepting;
        await peer.GetStream().WriteAsync(Encoding.ASCII.GetBytes(greeting), Ct);

        await Assert.ThrowsAnyAsync<Exception>(() => sending.WaitAsync(TimeSpan.FromMinutes(1), Ct));
        Assert.True(sending.IsFaulted, "It still waits.");
    }

    private const string Body = "Hello, 안녕하세요.\n\nhttps://captions.example/account/confirm?token=abc_-DEF\n.\n..one dot more";

    private static MimeMessage Mail(string to = "ada@example.com") => new(
        [MailboxAddress.Parse("no-reply@localhost")], [new MailboxAddress(null, to)], "A subject, 제목",
        new TextPart("plain") { Text = Body, ContentTransferEncoding = ContentEncoding.EightBit });

    private static Task Send(SmtpOptions smtp, MimeMessage mail) =>
        new SmtpTransport(Options.Create(new MailOptions { Smtp = smtp })).Send(mail, Ct);
}
