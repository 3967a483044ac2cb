using AX2Caption.Grains.Mail;
using AX2Caption.Grains.Tests.Cluster;

namespace AX2Caption.Grains.Tests.Mail;

public sealed class MailOptionsTests
{
    private const string Host = "Mail:Smtp:Host";

    [Fact]
    public void Defaults_AreThoseOfTheDocumentation()
    {
        var mail = new MailOptions();
        Assert.Equal(("AX2Caption <no-reply@localhost>", "http://127.0.0.1:8080", null), (mail.From, mail.PublicUrl, mail.Folder));
        Assert.Equal((5, 10), (mail.PerAddressAndHour, mail.MaximumAttempts));
        Assert.Equal((TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1)), (mail.RetryDelay, mail.PollInterval));
        Assert.Equal((null, 587, SmtpSecurity.StartTls, null, null), (mail.Smtp.Host, mail.Smtp.Port, mail.Smtp.Security, mail.Smtp.User, mail.Smtp.Password));
        Assert.Equal(TimeSpan.FromSeconds(30), mail.Smtp.Timeout);
    }

    [Theory]
    [InlineData("Mail:PerAddressAndHour", "1", "100", "0", "101")]
    [InlineData("Mail:MaximumAttempts", "1", "100", "0", "101")]
    [InlineData("Mail:RetryDelay", "00:00:00.1", "01:00:00", "00:00:00.0999999", "01:00:00.0000001")]
    [InlineData("Mail:PollInterval", "00:00:00.05", "00:01:00", "00:00:00.0499999", "00:01:00.0000001")]
    [InlineData("Mail:Smtp:Port", "1", "65535", "0", "65536")]
    [InlineData("Mail:Smtp:Timeout", "00:00:01", "00:05:00", "00:00:00.9999999", "00:05:00.0000001")]
    public void Validation_AtItsEdges_TakesThemAndNamesTheKeyBeyond(string key, string least, string most, string below, string above)
    {
        Assert.Null(Validate((Host, "mail.example"), (key, least)));
        Assert.Null(Validate((Host, "mail.example"), (key, most)));
        Assert.Contains(key, Validate((Host, "mail.example"), (key, below)), StringComparison.Ordinal);
        Assert.Contains(key, Validate((Host, "mail.example"), (key, above)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Mail:From", "nobody at all", "Mail:From")]
    [InlineData("Mail:From", "", "Mail:From")]
    [InlineData("Mail:PublicUrl", "", "Mail:PublicUrl")]
    [InlineData("Mail:PublicUrl", "captions.example", "Mail:PublicUrl")]
    [InlineData("Mail:PublicUrl", "ftp://captions.example", "Mail:PublicUrl")]
    [InlineData("Mail:PublicUrl", "http://", "Mail:PublicUrl")]
    [InlineData("Mail:PublicUrl", "https://captions.example/?a=b", "Mail:PublicUrl")]
    [InlineData("Mail:PublicUrl", "https://captions.example/#a", "Mail:PublicUrl")]
    [InlineData("Mail:Folder", "/mails", "Set either Mail:Smtp:Host")]
    [InlineData("Mail:Smtp:User", "ax2", "go together")]
    [InlineData("Mail:Smtp:Password", "secret", "go together")]
    public void Validation_WhatCannotWork_IsNamed(string key, string value, string named) =>
        Assert.Contains(named, Validate((Host, "mail.example"), (key, value)), StringComparison.Ordinal);

    [Fact]
    public void Validation_NeitherFolderNorServer_NamesBoth() =>
        Assert.Contains("Set either Mail:Smtp:Host, to send mails, or Mail:Folder", Validate(), StringComparison.Ordinal);

    [Fact]
    public void Validation_FolderOfNoFixedPlace_IsNamed() =>
        Assert.Contains("Mail:Folder must be an absolute path", Validate(("Mail:Folder", "mails")), StringComparison.Ordinal);

    [Fact]
    public void Validation_PasswordInTheClear_IsRefused()
    {
        (string, string)[] login = [(Host, "mail.example"), ("Mail:Smtp:User", "ax2"), ("Mail:Smtp:Password", "secret")];

        Assert.Null(Validate(login));
        Assert.Null(Validate([.. login, ("Mail:Smtp:Security", "Tls")]));
        var refusal = Validate([.. login, ("Mail:Smtp:Security", "None")]);
        Assert.Contains("in the clear", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://captions.example")]
    [InlineData("https://captions.example/app/")]
    public void Validation_AddressesThatWork_AreTaken(string url) => Assert.Null(Validate((Host, "mail.example"), ("Mail:PublicUrl", url)));

    [Theory]
    [InlineData("mail.example", "http://127.0.0.1:8080", true)]
    [InlineData("mail.example", "http://localhost", true)]
    [InlineData("127.0.0.1", "http://127.0.0.1:8080", false)]
    [InlineData("localhost", "http://127.0.0.1:8080", false)]
    public void Validation_LinksToTheReadersOwnMachine_AreRefusedUnlessTheMailStaysHere(string host, string url, bool refused)
    {
        var message = Validate((Host, host), ("Mail:PublicUrl", url));

        Assert.Equal(refused, message?.Contains("Mail:PublicUrl", StringComparison.Ordinal) ?? false);
    }

    [Fact]
    public void Validation_FolderAlone_TakesTheDefaultAddress() =>
        Assert.Null(OptionsStartup.Validate(services => services.AddMail().AddMailSender(), [("Mail:Folder", "/mails")]));

    private static string? Validate(params (string Key, string Value)[] settings) => OptionsStartup.Validate(
        services => services.AddMail().AddMailSender(),
        settings.Any(setting => setting.Key == "Mail:PublicUrl") ? settings : [.. settings, ("Mail:PublicUrl", "https://captions.example")]);
}
